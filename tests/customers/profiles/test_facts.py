"""Facts that upper apps push down: what changed is counted, read in one query, and shown by its format."""

from decimal import Decimal

import pytest

from crm.kernel.time import clock
from customers.profiles import facts
from customers.profiles.facts import FactDisplay, FactFormat
from customers.profiles.models import Customer, CustomerFact

pytestmark = pytest.mark.django_db


def test_pushing_counts_only_what_changed(make_customer):
    ana, bo = make_customer("Ana"), make_customer("Bo")

    first = facts.push_facts("tier", {ana.pk: ("gold", 3), bo.pk: ("base", None)}, clock.now())
    again = facts.push_facts("tier", {ana.pk: ("gold", 3), bo.pk: ("silver", None)}, clock.now())

    assert (first, again, facts.push_facts("tier", {}, clock.now())) == (2, 1, 0)
    assert dict(CustomerFact.objects.values_list("customer", "value")) == {ana.pk: "gold", bo.pk: "silver"}


def test_fact_is_read_with_or_without_the_list_that_came_along(make_customer, django_assert_num_queries):
    customer = make_customer()
    facts.push_facts("nps", {customer.pk: ("promoter", Decimal("9.5"))}, clock.now())
    listed = Customer.objects.annotate(fact_list=facts.facts_subquery()).get()

    with django_assert_num_queries(0):
        assert facts.get_fact(listed, "nps") == ("promoter", Decimal("9.5"))
        assert facts.get_fact(listed, "tier") is None
    assert facts.get_fact(customer, "nps") == ("promoter", Decimal("9.5"))


def test_subquery_brings_only_the_kinds_and_numbers_that_are_meant(make_customer):
    customer = make_customer()
    for kind, number in (("open_tickets", 0), ("risk", 80)):
        facts.push_facts(kind, {customer.pk: ("", number)}, clock.now())

    row = Customer.objects.annotate(fact_list=facts.facts_subquery("pk", "open_tickets", "risk", above=0)).get()

    assert [fact["kind"] for fact in row.fact_list] == ["risk"]


def test_cleared_fact_is_gone_for_those_customers_only(make_customer):
    ana, bo = make_customer("Ana"), make_customer("Bo")
    facts.push_facts("risk", {ana.pk: ("high", 90), bo.pk: ("low", 5)}, clock.now())

    assert facts.clear_facts("risk", [ana.pk]) == 1
    assert list(facts.facts_by_customer([ana.pk, bo.pk], "risk")) == [bo.pk]


def test_registered_kind_has_its_label_and_format_and_another_shows_its_value(monkeypatch):
    monkeypatch.setattr(facts, "fact_formats", {})
    facts.register_fact("stars", FactFormat("Stars", lambda value, number: FactDisplay(f"{number} ★", "badge")))

    assert (facts.fact_label("stars"), facts.format_fact("stars", "", Decimal(4)).text) == ("Stars", "4 ★")
    assert (facts.fact_label("size"), facts.format_fact("size", "", Decimal("4.50")).text) == ("size", "4.5")
