"""The default programme, and short ways to points."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache

from crm.kernel import company
from crm.kernel.time import clock
from loyalty import defaults
from loyalty.points import ledger_check, rule_versions, selectors, services
from loyalty.points.models import EarningRule, LedgerEntry
from loyalty.points.program_settings import LoyaltySettings


@pytest.fixture
def programme(db: None) -> Iterator[EarningRule]:
    """The programme of a fresh installation; after the test its ledger must balance, and no changed setting is remembered."""
    cache.clear()
    defaults.ensure_loyalty_program()
    yield EarningRule.objects.get(code="purchase")
    cache.clear()
    assert ledger_check.verify_ledger().differences == []


@pytest.fixture
def member(programme: EarningRule, make_customer: Callable[..., Any], make_order: Callable[..., Any]) -> Any:
    """林嘉怡, who has bought for 5,000: 5,000 points, tier silver."""
    customer = make_customer("林嘉怡", email="lin@example.com")
    make_order(customer, "5000")
    return customer


@pytest.fixture
def change_rule(programme: EarningRule, make_user: Callable[..., Any]) -> Callable[..., EarningRule]:
    """A new version of the purchase rule: `change_rule(pending_days=14)`."""
    user = make_user("admin")
    return lambda **changes: rule_versions.change_earning_rule(
        code="purchase", changes=changes, by=user, at=clock.now()
    )


@pytest.fixture
def change_program(programme: EarningRule, make_user: Callable[..., Any]) -> Callable[..., None]:
    """Other settings of the programme: `change_program(points_on=False)`."""
    user = make_user("admin")

    def change(**values: Any) -> None:
        company.change_settings(LoyaltySettings, values, by=user)

    return change


@pytest.fixture
def balance() -> Callable[..., selectors.PointsBalance]:
    return lambda customer, at=None: selectors.get_points_balance(customer.pk, at or clock.now())


@pytest.fixture
def spend() -> Callable[..., LedgerEntry]:
    """Spend points outside the catalogue: `spend(customer, 250, order_ref="shop:T-1")`."""

    def do(
        customer: Any, points: int, *, at: datetime | None = None, key: str = "", order_ref: str = ""
    ) -> LedgerEntry:
        from django.db import transaction

        now = at or clock.now()
        with transaction.atomic():
            account = services.lock_account(customer, now)
            return services.spend_points(
                account=account,
                points=points,
                system="test",
                source_id=key or f"{customer.pk}:{points}:{now}",
                at=now,
                order_ref=order_ref,
            )

    return do
