"""What names a person is masked in the audit log; what names a thing can be read."""

from decimal import Decimal

import pytest

from crm.kernel import company
from crm.kernel.audit.models import AuditEntry
from crm.kernel.auth import services as auth_services
from crm.kernel.time import clock
from crm.kernel.ui.listing import services as views
from customers.profiles import services as profiles
from loyalty.rewards import catalog

pytestmark = pytest.mark.rule("PL-11")


def told(action: str) -> tuple[dict[str, object], dict[str, object]]:
    entry = AuditEntry.objects.get(action=action)
    return entry.before or {}, entry.after or {}


def test_names_of_things_can_be_read(make_user):
    admin = make_user("admin")
    view = views.save_view(user=admin, listing="customers", name="Big spenders", query="", at=clock.now())
    views.remove_view(view=view, by=admin)
    auth_services.add_team(name="Night shift", by=admin)
    company.change_settings(company.CompanySettings, {"name": "Green Leaf"}, by=admin)

    assert told("view.saved")[1]["name"] == "Big spenders"
    assert told("view.removed")[0]["name"] == "Big spenders"
    assert told("teams.added")[1]["name"] == "Night shift"
    assert told("settings.changed")[1]["name"] == "Green Leaf"


def test_worth_of_a_reward_can_be_read(make_user):
    admin = make_user("admin")
    values = {"code": "tea", "names": {"en": "Tea"}, "price": 100, "value": Decimal(20)}
    reward = catalog.add_reward(values=values, by=admin, at=clock.now())
    catalog.change_reward(reward=reward, values={"value": Decimal(25)}, by=admin)

    assert told("reward.added")[1]["value"] == "20"
    assert told("reward.changed") == ({"value": "20.00"}, {"value": "25"})


def test_names_of_people_stay_masked(make_user, make_customer):
    admin, other = make_user("admin"), make_user("sales")
    auth_services.change_user(user=other, by=admin, name="Chen Wei")
    profiles.update_customer(customer=make_customer("Lin"), at=clock.now(), by=admin, display_name="Zhou")

    assert told("users.changed")[1]["name"] == "C•••(8)"
    assert told("customer.changed")[1]["display_name"] == "Z•••(4)"
