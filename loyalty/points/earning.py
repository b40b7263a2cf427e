"""Orders earn points: set-based, once per order and rule, at the rate of the version in force when it was placed."""

from collections.abc import Iterable, Mapping
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
from loyalty.points.choices import EarningKind, EntryKind
from loyalty.points.earnable_orders import Basket
from loyalty.points.models import EarningRule
from loyalty.points.posting import NewLot, Posting

ONE = Decimal(1)


@transaction.atomic(savepoint=False)
def earn_for_orders(*, orders: Iterable[Order], multipliers: Mapping[int, Decimal]) -> int:
    """Points for orders that have none yet: an entry and a lot per order and rule that fits. Returns the points.

    `multipliers` are by customer. An order that earned already earns nothing more; a cancelled one nothing at all, but
    whoever orders is a member. Three statements, however many the orders.
    """
    standing = sorted(
        (order for order in orders if order.status != OrderStatus.CANCELLED),
        key=lambda order: (order.placed_at, order.pk),
    )
    if not standing:
        return 0
    now, versions = clock.now(), rule_versions.Ruleset.of_orders()
    contents = earnable_orders.of_orders(standing, versions.excluded_categories)
    postings = []
    for order in standing:
        multiplier = multipliers.get(order.customer_id, ONE)
        for rule in versions.in_force(order.placed_at):
            if posting := _posting(contents[order.pk], rule, multiplier):
                postings.append(posting)
    if empty_handed := {order.customer_id for order in standing} - {posting.customer_id for posting in postings}:
        accounts.open_many(empty_handed, now)
    given = credits.give(postings, now=now)
    return sum(posting.points for posting, each in zip(postings, given, strict=True) if each.entry_id)


def _posting(basket: Basket, rule: EarningRule, multiplier: Decimal) -> Posting | None:
    figures = reckon(basket, rule, multiplier)
    if not figures["points"]:
        return None
    order = basket.order
    return Posting(
        account_id=0,
        customer_id=order.customer_id,
        kind=EntryKind.EARN,
        at=order.placed_at,
        source_system="order",
        source_id=str(order.pk),
        rule_code=rule.code,
        rule_id=rule.pk,
        order_id=order.pk,
        lots=(lot_of(rule, figures["points"], order.placed_at),),
        data=figures,
    )


def reckon(basket: Basket, rule: EarningRule, multiplier: Decimal) -> dict[str, Any]:
    """What an order earns by a rule, with everything that explains it: plain values for the entry's data."""
    order = basket.order
    basis = basket.basis(rule)
    amount = basis.amount * order.base_rate
    per_order = rule.kind == EarningKind.PER_ORDER
    exact = (
        (rule.points * multiplier if amount > 0 else rules.ZERO) if per_order else rule.rate.exact(amount, multiplier)
    )
    points = rules.round_points(exact, rule.rounding) if amount >= rule.minimum and amount > 0 else 0
    points = points if rule.cap is None else min(points, rule.cap)
    if not rule_versions.fits(rule, channel=order.channel, store=order.store):
        points, exact = 0, rules.ZERO
    return {
        "order": order.number,
        "currency": order.currency,
        "base": _plain(basis.amount),
        "gift_cards": _plain(basis.gift_cards),
        "rewards": _plain(basis.rewards),
        "paid_with_points": _plain(basis.paid_with_points),
        "tax": _plain(basis.tax),
        "shipping": _plain(order.shipping_total),
        "rate": _plain(rule.points),
        "per": _plain(rule.per),
        "multiplier": _plain(multiplier),
        "exact": str(exact),
        "rounding": rule.rounding,
        "version": rule.version,
        "points": points,
    }


def lot_of(rule: EarningRule, points: int, earned_at: datetime) -> NewLot:
    """A lot by the rule's own pending time and expiry."""
    return NewLot(
        points=points,
        earned_at=earned_at,
        available_at=earned_at + timedelta(days=rule.pending_days),
        expires_at=expiry_of(rule, earned_at),
        rule_id=rule.pk,
    )


def expiry_of(rule: EarningRule, earned_at: datetime) -> datetime | None:
    """The instant from which points earned at another instant are gone, by the programme's own days."""
    zone = program_settings.zone()
    return _expires_at(
        rule.expiry_mode, rule.expiry_months, rule.expiry_date, earned_at.astimezone(ZoneInfo(zone)).date(), zone
    )


@lru_cache(4096)
def _expires_at(mode: str, months: int, fixed: date | None, earned_on: date, zone: str) -> datetime | None:
    day = rules.last_day(mode, earned_on, months=months, fixed=fixed)
    return rules.end_of_day(day, zone) if day else None


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
