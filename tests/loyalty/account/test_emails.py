from typing import Any

import pytest

from crm.kernel.audit.models import AuditEntry
from customers.messaging.models import OutboundMessage


@pytest.mark.rule("LO-62")
def test_staff_copy_or_mail_the_link(member: Any, client_as: Any) -> None:
    client = client_as("service")
    path = f"/loyalty/members/{member.public_id}"

    shown = client.post(f"{path}/link/").content.decode()
    client.post(f"{path}/link/send/")

    assert f"/m/{member.public_id}:" in shown
    message = OutboundMessage.objects.get(template_key="member_link")
    assert (message.customer_id, message.state) == (member.pk, "queued")
    assert f"/m/{member.public_id}:" in message.text
    assert AuditEntry.objects.filter(action__in=["member_link.made", "member_link.sent"]).count() == 2
