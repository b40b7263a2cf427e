from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points.models import LedgerEntry
from loyalty.rewards import quotes
from loyalty.rewards.models import Reward


@pytest.mark.parametrize(("points", "refusal"), [(5000, ""), (5001, "insufficient_points")])
def test_points_are_quoted_with_their_value(member: Any, points: int, refusal: str) -> None:
    quote = quotes.quote_points(customer=member, points=points, at=clock.now())

    assert (quote.possible, quote.refusal, quote.available) == (not refusal, refusal, 5000)
    assert (quote.value.amount, quote.value.currency) == (Decimal(points) / 100, "CNY")


@pytest.mark.rule("LO-40")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, ""), ({"stock": 0}, "out_of_stock"), ({"tier_rank": 3}, "tier_too_low"), ({"active": False}, "not_offered"),
        ({"price": 5_001}, "insufficient_points"),
    ],
)  # fmt: skip
def test_a_reward_is_quoted_with_what_stands_against_it(member: Any, changes: dict[str, Any], refusal: str) -> None:
    Reward.objects.update(**changes)

    quote = quotes.quote_reward(customer=member, reward=Reward.objects.get(), at=clock.now())

    assert (quote.possible, quote.refusal) == (not refusal, refusal)
    assert LedgerEntry.objects.count() == 1


@pytest.mark.rule("LO-11")
def test_an_order_is_quoted_at_the_members_tier(member: Any, make_customer: Any) -> None:
    silver = quotes.quote_order(customer=member, amount=Decimal("100.50"), at=clock.now())
    stranger = quotes.quote_order(customer=make_customer("New"), amount=Decimal("100.50"), at=clock.now())

    assert (silver.points, stranger.points) == (120, 100)
