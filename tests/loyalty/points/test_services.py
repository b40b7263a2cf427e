from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points import services
from loyalty.points.models import EarningRule, LedgerEntry


@pytest.mark.rule("LO-3")
def test_the_same_spend_again_is_the_first_one(
    programme: EarningRule, make_customer: Any, make_order: Any, spend: Any, balance: Any
) -> None:
    customer = make_customer()
    make_order(customer, "100")

    first, again = spend(customer, 60, key="till-7"), spend(customer, 60, key="till-7")

    assert first == again
    assert balance(customer).available == 40


@pytest.mark.rule("LO-2")
def test_too_few_points_are_refused_and_nothing_changes(
    programme: EarningRule, make_customer: Any, make_order: Any, spend: Any, balance: Any
) -> None:
    customer = make_customer()
    make_order(customer, "100")

    with pytest.raises(services.NotEnoughPoints) as refused:
        spend(customer, 101)

    assert (refused.value.available, refused.value.wanted) == (100, 101)
    assert balance(customer).posted == 100
    assert LedgerEntry.objects.count() == 1


@pytest.mark.rule("LO-3")
def test_a_bonus_is_given_once_per_source(programme: EarningRule, make_customer: Any, balance: Any) -> None:
    customer = make_customer()

    for _turn in range(3):
        services.credit_points(
            customer=customer, points=50, system="survey", source_id="s-1", at=clock.now(), reason="Thank you"
        )

    assert balance(customer).available == 50


@pytest.mark.rule("LO-10")
def test_an_event_earns_by_its_rule(programme: EarningRule, make_customer: Any, balance: Any) -> None:
    EarningRule.objects.create(
        code="answer",
        version=1,
        names={"en": "Survey"},
        kind="per_event",
        event="survey_answered",
        points=50,
        started_at=clock.now(),
    )
    customer = make_customer()

    made = [
        services.earn_points_for_event(event="survey_answered", sources={customer.pk: "inv-1"}, at=clock.now())
        for _turn in range(2)
    ]

    assert made == [1, 0]
    assert balance(customer).available == 50


def test_a_refusal_writes_points_as_pages_do() -> None:
    assert str(services.NotEnoughPoints(1889, 5000)) == "Not enough points: 1,889 available, 5,000 needed."
