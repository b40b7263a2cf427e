from typing import Any

from crm.kernel.audit.models import AuditEntry
from crm.kernel.time import clock
from loyalty.account import services


def test_taking_the_liability_is_written_down(member: Any, make_user: Any) -> None:
    manager = make_user("manager")

    rows = services.export_liability(by=manager, at=clock.now())

    assert [points for _month, points, _value in rows] == [5000]
    entry = AuditEntry.objects.get(action="points.liability_exported")
    assert (entry.actor, entry.count) == (manager, 1)


def test_a_link_names_its_member_and_its_maker(member: Any, make_user: Any) -> None:
    agent = make_user("service")

    link = services.make_member_link(customer=member, by=agent)

    assert f"/m/{member.public_id}:" in link
    assert AuditEntry.objects.get(action="member_link.made").actor == agent
