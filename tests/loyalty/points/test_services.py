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


@pytest.mark.rule("LO-3")
@pytest.mark.parametrize("change", [{"points": 61}, {"order_ref": "shop:B-2"}, {"points": 600}])
def test_the_same_source_with_another_spend_is_refused(
    member: Any, spend: Any, balance: Any, change: dict[str, Any]
) -> None:
    asked: dict[str, Any] = {"points": 60, "order_ref": "shop:B-1", "key": "till-7"}
    spend(member, **asked)

    with pytest.raises(services.ReferenceConflict):
        spend(member, **{**asked, **change})

    assert balance(member).available == 4940


@pytest.mark.rule("LO-3")
def test_the_same_source_gives_other_points_to_nobody(member: Any, make_customer: Any, balance: Any) -> None:
    def credit(customer: Any, points: int) -> Any:
        return services.credit_points(
            customer=customer, points=points, system="survey", source_id="s-1", at=clock.now()
        )

    first = credit(member, 50)
    other = make_customer("Other")
    for customer, points in ((member, 60), (other, 50)):
        with pytest.raises(services.ReferenceConflict):
            credit(customer, points)

    assert credit(member, 50) == first
    assert (balance(member).available, balance(other).posted) == (5050, 0)


@pytest.mark.rule("LO-60")
def test_no_event_earns_while_points_are_off(make_customer: Any, balance: Any, change_program: Any) -> None:
    EarningRule.objects.create(
        code="answer", version=1, kind="per_event", event="survey_answered", points=50, started_at=clock.now()
    )
    customer = make_customer()
    change_program(points_on=False)

    made = services.earn_points_for_event(event="survey_answered", sources={customer.pk: "inv-1"}, at=clock.now())

    assert (made, balance(customer).posted) == (0, 0)
