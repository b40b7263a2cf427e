"""Coupons: issued once per source, checked with a reason, used once per order."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import audit, money
from crm.kernel.auth.models import User
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from crm.kernel.db.conflict_retries import retry_when_taken
from customers.profiles import timeline
from customers.profiles.models import Customer
from loyalty.points import program_settings
from loyalty.points.references import ReferenceConflict
from loyalty.points.rules import end_of_day
from loyalty.rewards import rules, selectors
from loyalty.rewards.choices import DiscountKind
from loyalty.rewards.events import CouponUsed
from loyalty.rewards.models import Coupon, CouponUse, Reward
from loyalty.rewards.rules import CouponTerms

CODE_LENGTH = 12  # of 31: 59 random bits, and a till answers one guess at a time


class CouponNotUsable(Exception):
    """The coupon cannot be used; `reason` is the word of the API, the message a sentence for the reader."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(refusal_text(reason))


class CouponCodeTaken(Exception):
    """Another coupon has this code."""


@dataclass(frozen=True)
class CouponSource:
    """What a coupon was issued for: a redemption, or a run of a care programme."""

    type: str
    id: str


def issue_personal_coupons(
    *, customers: Sequence[int], terms: CouponTerms, source: CouponSource, at: datetime
) -> dict[int, Coupon]:
    """Issue a personal single-use coupon to each customer, one per source and customer; customer id → coupon.

    The same source again returns the coupons that were issued first.
    """
    zone = program_settings.program_time_zone()
    last_day = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=terms.valid_days)
    until = end_of_day(last_day, zone)
    new_coupons = [
        Coupon(
            code=new_coupon_code(), customer_id=customer_id, names=terms.names or {}, discount=terms.discount, value=terms.value,
            currency=terms.currency, minimum=terms.minimum, valid_from=at, valid_until=until, source_type=source.type,
            source_id=source.id, issued_at=at,
        )
        for customer_id in sorted(set(customers))
    ]  # fmt: skip
    return _write_coupons(new_coupons, source, at) if new_coupons else {}


@transaction.atomic(savepoint=False)
def _write_coupons(new_coupons: list[Coupon], source: CouponSource, at: datetime) -> dict[int, Coupon]:
    ids = dict(
        sql_rows.insert_rows_with_ending(
            Coupon, sql_rows.instances_as_rows(new_coupons), "ON CONFLICT DO NOTHING RETURNING code, id"
        )
    )
    written = [sql_rows.mark_as_saved(coupon, ids[coupon.code]) for coupon in new_coupons if coupon.code in ids]
    if source.type != "redemption":
        timeline.write_timeline(
            timeline.NewTimelineEntry(
                coupon.customer_id or 0, "coupon_issued", at, {"names": coupon.names}, "coupon", coupon.public_id
            )
            for coupon in written
        )
    by_customer = {coupon.customer_id or 0: coupon for coupon in written}
    if len(written) < len(new_coupons):
        by_customer |= issued_coupons([coupon.customer_id or 0 for coupon in new_coupons], source)
    return by_customer


@retry_when_taken
def create_shared_coupon(
    *,
    code: str,
    terms: CouponTerms,
    valid_from: datetime,
    valid_until: datetime,
    limit: int | None,
    by: User,
    at: datetime,
) -> Coupon:
    """Make a code for everybody, used once per customer and at most `limit` times.

    Refused: CouponCodeTaken, also where a code differs by hyphens only.
    """
    code = rules.normalize_code(code)
    if selectors.find_coupon(code):
        raise CouponCodeTaken(_("There is a coupon with this code already."))
    coupon = Coupon.objects.create(
        code=code, names=terms.names or {}, discount=terms.discount, value=terms.value, currency=terms.currency,
        minimum=terms.minimum, valid_from=valid_from, valid_until=valid_until, limit=limit, issued_at=at,
    )  # fmt: skip
    audit.record_audit_entry("coupon.shared", coupon, by=by, after={"code": code, "limit": limit})
    return coupon


def check_coupon(
    *, coupon: Coupon, customer: Customer | None, amount: Decimal | None, currency: str, at: datetime
) -> str:
    """Why the coupon cannot be used now, as the word of the API; empty if it can. Changes nothing."""
    customer_id = customer.pk if customer else None
    uses = 0
    if customer_id:
        uses = CouponUse.objects.filter(coupon=coupon, customer_id=customer_id, returned_at=None).count()
    return rules.coupon_refusal(
        _coupon_state(coupon, uses), customer_id=customer_id, amount=amount, currency=currency, at=at
    )


@transaction.atomic
def use_coupon(
    *, coupon: Coupon, customer: Customer | None, reference: str, amount: Decimal | None, currency: str, at: datetime
) -> CouponUse:
    """Use the coupon on an order; the same reference again returns the first use.

    Announces the use, and tells the timeline of the customer if there is one. Refused: CouponNotUsable, ReferenceConflict
    (the reference used the coupon for another amount or customer).
    """
    if customer is not None:
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    coupon = Coupon.objects.select_for_update(no_key=True).get(pk=coupon.pk)
    if first_use := CouponUse.objects.filter(coupon=coupon, reference=reference).first():
        return _check_repeated_use(first_use, customer, amount, currency)
    if reason := check_coupon(coupon=coupon, customer=customer, amount=amount, currency=currency, at=at):
        raise CouponNotUsable(reason)
    taken_off = coupon_discount(coupon, amount)
    coupon.uses += 1
    coupon.save(update_fields=["uses"])
    coupon_use = CouponUse.objects.create(
        coupon=coupon, customer=customer, reference=reference, amount=amount, taken_off=taken_off, used_at=at
    )
    if customer is not None:
        timeline.write_timeline(
            [
                timeline.NewTimelineEntry(
                    customer.pk,
                    "coupon_used",
                    at,
                    {"code": coupon.code, "reference": reference},
                    "coupon",
                    coupon.public_id,
                )
            ]
        )
    events.announce_event(CouponUsed(ids=[coupon_use.pk], at=at))
    return coupon_use


def _check_repeated_use(
    first_use: CouponUse, customer: Customer | None, amount: Decimal | None, currency: str
) -> CouponUse:
    first_currency = first_use.coupon.currency
    first = (first_use.customer_id, first_use.amount, first_currency)
    if first != (customer.pk if customer else None, amount, first_currency if amount is None else currency):
        raise ReferenceConflict(
            _use_text(first_use.customer, first_use.amount, first_currency), _use_text(customer, amount, currency)
        )
    if first_use.returned_at is not None:
        raise CouponNotUsable("returned")
    return first_use


def _use_text(customer: Customer | None, amount: Decimal | None, currency: str) -> str:
    """On what a coupon was used, in words: `¥200.00, cu_…`."""
    texts = [
        _("no amount") if amount is None else money.format_money(amount, currency, get_language() or "en"),
        customer.public_id if customer else _("no customer"),
    ]
    return ", ".join(texts)


def coupon_discount(coupon: Coupon, amount: Decimal | None) -> Decimal | None:
    """What the coupon takes off an amount; None if the amount is not known."""
    return None if amount is None else rules.discount_amount(coupon.discount, coupon.value, amount)


def new_coupon_code() -> str:
    """An unguessable code that can be read out and typed: `7K2M-Q9PX-4RTB`."""
    return rules.format_code("".join(secrets.choice(rules.CODE_ALPHABET) for _letter in range(CODE_LENGTH)))


def discount_text(terms: Coupon | Reward) -> str:
    """What a coupon, or a reward that gives one, takes off: `¥20 off`, `10% off`."""
    language = get_language() or "en"
    if terms.discount == DiscountKind.PERCENT:
        return _("%(rate)s off") % {"rate": money.format_rate(terms.value / 100, language, 0)}
    return _("%(amount)s off") % {"amount": money.format_money(terms.value, terms.currency, language, whole=True)}


def refusal_text(reason: str) -> str:
    """A sentence for a reason of `check_coupon`."""
    return {
        "": "",
        "unknown": _("There is no such coupon."),
        "cancelled": _("This coupon was cancelled."),
        "not_yet": _("This coupon is not valid yet."),
        "expired": _("This coupon has expired."),
        "used": _("This coupon was used already."),
        "returned": _("This order gave the coupon back when it was cancelled or refunded."),
        "used_up": _("This code was used as often as it may be."),
        "wrong_customer": _("This coupon belongs to another customer."),
        "wrong_currency": _("This coupon is for another currency."),
        "below_minimum": _("The order is below the coupon's minimum."),
    }[reason]


def issued_coupons(customers: Sequence[int], source: CouponSource) -> dict[int, Coupon]:
    """Customer id → the coupon that was issued for this source, of those who have one. One query."""
    issued = Coupon.objects.filter(source_type=source.type, source_id=source.id, customer__any=list(customers))
    return {coupon.customer_id or 0: coupon for coupon in issued}


def _coupon_state(coupon: Coupon, uses_of_customer: int) -> rules.CouponState:
    return rules.CouponState(
        customer_id=coupon.customer_id,
        currency=coupon.currency,
        minimum=coupon.minimum,
        valid_from=coupon.valid_from,
        valid_until=coupon.valid_until,
        cancelled=coupon.cancelled_at is not None,
        uses=coupon.uses,
        uses_of_customer=uses_of_customer,
        limit=coupon.limit,
        limit_per_customer=coupon.limit_per_customer,
    )
