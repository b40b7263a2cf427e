"""Customers of every kind that the list tells apart."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from customers.messaging.models import Consent
from customers.profiles import facts, services


@pytest.fixture
def people(make_customer, make_order, make_user):
    """Ana bought twice long ago, Bo once yesterday, Cy never, Di is archived."""
    boss, now = make_user("manager"), clock.now()
    ana = make_customer(
        "Ana", email="ana@example.com", tags=["VIP", "gift"], owner=boss, language="en", value_grade="A"
    )
    bo = make_customer("Bo", phone="+8613800000001", tags=["gift"], language="zh-hans")
    cy = make_customer("Cy", at=now - timedelta(days=400))
    di = make_customer("Di")
    for days in (200, 100):
        make_order(ana, "300", placed_at=now - timedelta(days=days), channel="online")
    make_order(bo, "40", placed_at=now - timedelta(days=1), channel="store", store="静安店", number="SL-9001")
    facts.push_facts("tier", {ana.pk: ("gold", 3), bo.pk: ("silver", 2)}, now)
    facts.push_facts("risk", {ana.pk: ("high", 78), bo.pk: ("low", 5)}, now)
    Consent.objects.create(customer=ana, channel="email", topic="care", state="given", source="staff", at=now)
    services.archive_customer(customer=di, at=now, by=boss)
    return {"boss": boss, "ana": ana, "bo": bo, "cy": cy, "di": di}
