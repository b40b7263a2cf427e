"""Orders earn points: once per order and rule, by the rule version in force when the order was placed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.kernel.time import clock
from customers.orders.choices import OrderStatus
from customers.orders.models import Order
from loyalty.points import accounts, credits, earnable_orders, program_settings, rule_versions, rules
from loyalty.points.choices import EntryKind
from loyalty.points.earnable_orders import EarnableOrder
from loyalty.points.earning_kinds import registry
from loyalty.points.models import EarningRule
from loyalty.points.posting import LedgerPosting, NewLot

ONE = Decimal(1)


@transaction.atomic(savepoint=False)
def earn_points_for_orders(
    *, orders: Iterable[Order], multipliers: Mapping[int, Decimal], earned_at: datetime | None = None
) -> int:
    """Post an entry and a lot for each order that counts and each earning rule that fits it; returns the points.

    `multipliers` are by order id. An order earns once per rule: posting again changes nothing. One that is not paid, or
    waits for a rate, earns nothing yet; later it earns from `earned_at` on, not from the day it was placed. Every customer
    of an order that is not cancelled gets an account. Three statements for any number of orders.
    """
    valid_orders = sorted(
        (order for order in orders if order.status != OrderStatus.CANCELLED),
        key=lambda order: (order.placed_at, order.pk),
    )
    if not valid_orders:
        return 0
    now = clock.now()
    counting = [order for order in valid_orders if order.counts]
    postings = _earn_postings(counting, multipliers, earned_at) if counting else []
    if earned_nothing := {order.customer_id for order in valid_orders} - {posting.customer_id for posting in postings}:
        accounts.open_accounts(earned_nothing, now)
    outcomes = credits.post_credits(postings, now=now)
    return sum(posting.points for posting, outcome in zip(postings, outcomes, strict=True) if outcome.entry_id)


def _earn_postings(
    orders: list[Order], multipliers: Mapping[int, Decimal], earned_at: datetime | None
) -> list[LedgerPosting]:
    """A posting for each order and rule that gives it points. Two queries."""
    versions = rule_versions.RuleVersions.load_for_orders()
    contents = earnable_orders.load_earnable_orders(orders, versions.excluded_categories)
    postings = (
        _earn_posting(contents[order.pk], rule, multipliers.get(order.pk, ONE), earned_at or order.placed_at)
        for order in orders
        for rule in versions.versions_in_force(order.placed_at)
    )
    return [posting for posting in postings if posting is not None]


def _earn_posting(
    earnable: EarnableOrder, rule: EarningRule, multiplier: Decimal, earned_at: datetime
) -> LedgerPosting | None:
    figures = earning_figures(earnable, rule, multiplier)
    if not figures["points"]:
        return None
    order = earnable.order
    return LedgerPosting(
        account_id=0,
        customer_id=order.customer_id,
        kind=EntryKind.EARN,
        at=earned_at,
        source_system="order",
        source_id=str(order.pk),
        rule_code=rule.code,
        rule_id=rule.pk,
        order_id=order.pk,
        lots=(build_earned_lot(rule, figures["points"], earned_at),),
        data=figures,
    )


def expected_points(*, orders: Sequence[Order], multipliers: Mapping[int, Decimal]) -> dict[int, int]:
    """Order id → the points that orders which wait to be paid will earn, by the rules of their day. Two queries.

    `multipliers` are by order id. Nothing is expected while points are off.
    """
    if not orders or not program_settings.loyalty_settings().points_on:
        return {}
    points = dict.fromkeys((order.pk for order in orders), 0)
    for posting in _earn_postings(list(orders), multipliers, None):
        points[posting.order_id or 0] += posting.points
    return points


def earning_figures(earnable: EarnableOrder, rule: EarningRule, multiplier: Decimal) -> dict[str, Any]:
    """The points of an order by a rule version, and everything that explains them, as plain values for the entry's data."""
    order = earnable.order
    basis = earnable.earning_basis(rule)
    amount = basis.amount * order.base_rate
    exact, points = points_for_amount(rule, amount, multiplier)
    if not rule_versions.is_order_eligible(rule, channel=order.channel, store=order.store):
        points, exact = 0, rules.ZERO
    return {
        "order": order.number,
        "currency": order.currency,
        "base": _decimal_text(basis.amount),
        "gift_cards": _decimal_text(basis.gift_cards),
        "excluded": _decimal_text(basis.excluded),
        "rewards": _decimal_text(basis.rewards),
        "paid_with_points": _decimal_text(basis.paid_with_points),
        "tax": _decimal_text(basis.tax),
        "shipping": _decimal_text(order.shipping_total),
        "rate": _decimal_text(rule.points),
        "per": _decimal_text(rule.per),
        "multiplier": _decimal_text(multiplier),
        "exact": str(exact),
        "rounding": rule.rounding,
        "version": rule.version,
        "points": points,
    }


def points_for_amount(rule: EarningRule, amount: Decimal, multiplier: Decimal) -> tuple[Decimal, int]:
    """Unrounded and whole points by a rule version for an amount that earns, in the base currency."""
    exact = registry.get_earning_kind(rule.kind).exact_points(rule, amount, multiplier)
    return exact, rules.points_earned(exact, amount, rounding=rule.rounding, minimum=rule.minimum, cap=rule.cap)


def build_earned_lot(rule: EarningRule, points: int, earned_at: datetime) -> NewLot:
    """A lot with the pending days and the expiry of the rule version."""
    return NewLot(
        points=points,
        earned_at=earned_at,
        available_at=earned_at + timedelta(days=rule.pending_days),
        expires_at=expiry_instant(rule, earned_at),
        rule_id=rule.pk,
    )


def expiry_instant(rule: EarningRule, earned_at: datetime) -> datetime | None:
    """The first instant at which points earned at `earned_at` are gone, in the programme's time zone; None: never."""
    zone = program_settings.program_time_zone()
    return _expires_at(
        rule.expiry_mode, rule.expiry_months, rule.expiry_date, earned_at.astimezone(ZoneInfo(zone)).date(), zone
    )


@lru_cache(4096)
def _expires_at(mode: str, months: int, fixed: date | None, earned_on: date, zone: str) -> datetime | None:
    day = rules.last_usable_day(mode, earned_on, months=months, fixed=fixed)
    return rules.end_of_day(day, zone) if day else None


def _decimal_text(value: Decimal) -> str:
    return format(value.normalize(), "f")
