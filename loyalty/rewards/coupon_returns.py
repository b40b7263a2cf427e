"""Coupons that were used on an order that came to nothing are given back: once, by staff, by the shop or by rule."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.db import sql_rows
from customers.orders.models import Order
from customers.profiles import timeline
from loyalty.points import earnable_orders, program_settings
from loyalty.points.rules import end_of_day
from loyalty.rewards.models import Coupon, CouponUse


class CouponNotReturnable(Exception):
    """The coupon stays used; `reason` is the word of the API, the message a sentence for the reader."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            {
                "not_used": _("The coupon was not used on this order."),
                "order_stands": _("This order stands: a coupon comes back when it is cancelled or refunded in full."),
            }[reason]
        )


@transaction.atomic
def give_coupon_back(*, coupon: Coupon, reference: str, at: datetime, by: User | None = None) -> CouponUse:
    """Make the coupon that was used on an order good again; giving it back again returns the same use.

    A personal coupon that has ended, or is about to, lasts for the programme's days of a returned coupon. An order that
    nobody recorded here is taken at the caller's word. Refused: CouponNotReturnable.
    """
    coupon = Coupon.objects.select_for_update(no_key=True).get(pk=coupon.pk)
    coupon_use = CouponUse.objects.filter(coupon=coupon, reference=reference).first()
    if coupon_use is None:
        raise CouponNotReturnable("not_used")
    coupon_use.coupon = coupon
    if coupon_use.returned_at is not None:
        return coupon_use
    order = order_of_reference(reference)
    if order is not None and not earnable_orders.is_order_undone(order):
        raise CouponNotReturnable("order_stands")
    _give_back(coupon_use, at, by)
    return coupon_use


def give_coupons_of_orders_back(*, order_ids: Iterable[int], at: datetime) -> int:
    """Give back what was used on those of the orders that came to nothing, if the programme does so; returns how many."""
    if not program_settings.loyalty_settings().coupons_return:
        return 0
    ids = list(order_ids)
    orders = sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [ids]) if ids else []
    references = [order_reference(order) for order in orders if earnable_orders.is_order_undone(order)]
    if not references:
        return 0
    uses = list(CouponUse.objects.filter(reference__in=references, returned_at=None).order_by("coupon_id"))
    return sum(give_coupon_back(coupon=use.coupon, reference=use.reference, at=at).returned_at == at for use in uses)


def order_reference(order: Order) -> str:
    """What tills call an order that is recorded here: `shop:B-1`."""
    return f"{order.source}:{order.number}"


def order_of_reference(reference: str) -> Order | None:
    """The order that a reference names; None for a name that only the till knows. One query."""
    source, _colon, number = reference.partition(":")
    return Order.objects.filter(source=source, number=number).select_related("customer").first()


def _give_back(coupon_use: CouponUse, at: datetime, by: User | None) -> None:
    coupon = coupon_use.coupon
    coupon.uses -= 1
    if coupon.customer_id is not None:
        coupon.valid_until = max(coupon.valid_until, _end_of_grace(at))
    coupon.save(update_fields=["uses", "valid_until"])
    coupon_use.returned_at, coupon_use.returned_by = at, by
    coupon_use.save(update_fields=["returned_at", "returned_by"])
    if coupon_use.customer_id is not None:
        data = {"code": coupon.code, "reference": coupon_use.reference}
        timeline.write_timeline(
            [
                timeline.NewTimelineEntry(
                    coupon_use.customer_id,
                    "coupon_returned",
                    at,
                    data,
                    "coupon",
                    coupon.public_id,
                    by.pk if by else None,
                )
            ]
        )
    audit.record_audit_entry(
        "coupon.returned",
        coupon,
        by=by,
        after={"reference": coupon_use.reference, "valid_until": coupon.valid_until.isoformat()},
        readable=["reference"],
    )


def _end_of_grace(at: datetime) -> datetime:
    zone = program_settings.program_time_zone()
    days = timedelta(days=program_settings.loyalty_settings().coupon_return_days)
    return end_of_day(at.astimezone(ZoneInfo(zone)).date() + days, zone)
