"""Rates of exchange: what an order of another currency counts in the base currency.

An order without a rate of its day counts one to one until one is stored; then it and all that hangs on it follow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from crm.kernel.background import events, jobs
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.orders import summaries
from customers.orders.events import OrderChanged
from customers.orders.models import ExchangeRate, Order
from customers.orders.rules import is_currency

JOB_KIND = "orders.revalue"
CHUNK_SIZE = 500
ORDERS_TO_REVALUE = """
SELECT o.id, o.customer_id, r.rate, o.placed_at FROM customers_order o
CROSS JOIN LATERAL (SELECT rate FROM customers_exchangerate r
                    WHERE r.currency = o.currency AND r.day <= (o.placed_at AT TIME ZONE %(zone)s)::date
                    ORDER BY day DESC LIMIT 1) r
WHERE o.currency = %(currency)s AND o.id > %(after)s AND (o.base_rate <> r.rate OR NOT o.rate_is_known)
ORDER BY o.id LIMIT %(limit)s
"""
REVALUE_ORDERS = """
UPDATE customers_order o SET base_rate = t.rate, rate_is_known = true, updated_at = %(at)s
FROM unnest(%(ids)s::bigint[], %(rates)s::numeric[]) AS t(id, rate) WHERE o.id = t.id
"""


class BadRate(ValueError):
    """The rate cannot be stored; the message names the field."""


@dataclass(frozen=True)
class OrderRate:
    """Base currency per unit; `is_known` is false where none is stored and one to one stands in."""

    value: Decimal
    is_known: bool


def rates_by_instant(wanted: Iterable[tuple[str, datetime]]) -> dict[tuple[str, datetime], OrderRate]:
    """The rate of each currency at each instant: the newest one stored up to that day of the company. One query."""
    asked, ours = set(wanted), company.get_company()
    foreign = {currency for currency, _at in asked} - {ours.base_currency}
    stored: dict[str, list[tuple[date, Decimal]]] = {}
    if foreign:
        rows = ExchangeRate.objects.filter(currency__in=foreign).order_by("-day")
        for currency, day, rate in rows.values_list("currency", "day", "rate"):
            stored.setdefault(currency, []).append((day, rate))
    zone = ZoneInfo(ours.time_zone)
    return {
        (currency, at): _rate_on(currency, at.astimezone(zone).date(), stored, ours.base_currency)
        for currency, at in asked
    }


def _rate_on(currency: str, on: date, stored: dict[str, list[tuple[date, Decimal]]], base: str) -> OrderRate:
    if currency == base:
        return OrderRate(Decimal(1), True)
    found = next((rate for day, rate in stored.get(currency, []) if day <= on), None)
    return OrderRate(Decimal(1), False) if found is None else OrderRate(found, True)


def store_rate(*, currency: str, day: date, rate: Decimal, by: Any) -> Job:
    """Keep the rate from that day on, and value the orders that it concerns anew (a job). Refused: BadRate."""
    if not is_currency(currency):
        raise BadRate(_("currency: %(code)s is no currency") % {"code": currency})
    if currency == company.get_company().base_currency:
        raise BadRate(_("currency: %(code)s is the base currency") % {"code": currency})
    if rate <= 0:
        raise BadRate(_("rate: must be above 0"))
    with transaction.atomic():
        row, _new = ExchangeRate.objects.update_or_create(currency=currency, day=day, defaults={"rate": rate})
        audit.record_audit_entry(
            "rate.stored", row, by=by, after={"currency": currency, "day": str(day), "rate": str(rate)}
        )
        return jobs.start_job(JOB_KIND, user=by, currency=currency)


@jobs.register_job_handler(JOB_KIND, goes_on=True, title=lambda asked: _("Value orders in %(currency)s") % asked)
def revalue_orders(job: jobs.JobRun) -> dict[str, Any]:
    """Give every order of the currency the rate of its day; summary, points, tier and figures follow, chunk by chunk."""
    done = job.state.setdefault("done", 0)
    while found := _orders_to_revalue(job.params["currency"], job.state.get("after", 0)):
        with transaction.atomic():
            _revalue_chunk(found, clock.now())
            job.state |= {"after": found[-1][0], "done": (done := done + len(found))}
            job.progress(done)
    return {"orders": done}


def _orders_to_revalue(currency: str, after: int) -> list[tuple[int, int, Decimal, datetime]]:
    """Order, customer, rate and instant of the next ones that do not have the rate of their day."""
    given: dict[str, Any] = {
        "currency": currency,
        "after": after,
        "limit": CHUNK_SIZE,
        "zone": company.get_company().time_zone,
    }
    with connection.cursor() as cursor:
        cursor.execute(ORDERS_TO_REVALUE, given)
        return cursor.fetchall()


def _revalue_chunk(found: list[tuple[int, int, Decimal, datetime]], at: datetime) -> None:
    ids, customers, rates, placed = (list(column) for column in zip(*found, strict=True))
    summaries.lock_customers(customers)
    with connection.cursor() as cursor:
        cursor.execute(REVALUE_ORDERS, {"at": at, "ids": ids, "rates": rates})
    summaries.refresh_summaries(customers, at)
    events.announce_event(OrderChanged(ids=ids, live=False, at=at, earliest=min(placed)))


def stored_rates() -> QuerySet[ExchangeRate]:
    """All rates, the newest of each currency first."""
    return ExchangeRate.objects.order_by("currency", "-day")


def currencies_never_stored(currencies: Iterable[str]) -> list[str]:
    """Those of the currencies that no rate was ever stored for, the base currency left out. One query."""
    wanted = set(currencies) - {company.get_company().base_currency}
    return sorted(wanted - set(ExchangeRate.objects.filter(currency__in=wanted).values_list("currency", flat=True)))


def missing_rates() -> list[dict[str, Any]]:
    """Currencies of orders that count one to one for want of a rate: `currency`, `orders`, `since` (the first one's instant)."""
    rows = Order.objects.filter(rate_is_known=False).values("currency").order_by("currency")
    return [dict(row) for row in rows.annotate(orders=Count("pk"), since=Min("placed_at"))]
