"""Exchange rates: what an order in another currency counts in the base currency.

An order without a rate of its day waits: it counts nowhere until one is stored; then it is valued, with all that follows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from crm.kernel.auth.models import User
from crm.kernel.background import events, jobs
from crm.kernel.background.jobs.models import Job
from customers.orders import queries, summaries
from customers.orders.currencies import is_currency
from customers.orders.events import OrderChanged
from customers.orders.models import ExchangeRate, Order

JOB_KIND = "orders.revalue"
CHUNK_SIZE = 500


class BadRate(ValueError):
    """The rate cannot be stored; the message names the field."""


@dataclass(frozen=True)
class OrderRate:
    """Base currency per unit; `is_known` is false where none is stored: the value then means nothing."""

    value: Decimal
    is_known: bool


def rates_by_instant(instants: Iterable[tuple[str, datetime]]) -> dict[tuple[str, datetime], OrderRate]:
    """The rate of each currency at each instant: the newest one stored up to that day of the company. One query."""
    pairs, settings = set(instants), company.get_company()
    foreign = {currency for currency, _at in pairs} - {settings.base_currency}
    stored: dict[str, list[tuple[date, Decimal]]] = {}
    if foreign:
        rows = ExchangeRate.objects.filter(currency__in=foreign).order_by("-day")
        for currency, day, rate in rows.values_list("currency", "day", "rate"):
            stored.setdefault(currency, []).append((day, rate))
    zone = ZoneInfo(settings.time_zone)
    return {
        (currency, at): _rate_on(currency, at.astimezone(zone).date(), stored, settings.base_currency)
        for currency, at in pairs
    }


def _rate_on(currency: str, on: date, stored: dict[str, list[tuple[date, Decimal]]], base: str) -> OrderRate:
    if currency == base:
        return OrderRate(Decimal(1), True)
    newest = next((rate for day, rate in stored.get(currency, []) if day <= on), None)
    return OrderRate(Decimal(1), False) if newest is None else OrderRate(newest, True)


def store_rate(*, currency: str, day: date, rate: Decimal, by: User) -> Job:
    """Store the rate from that day on, and start a job that values the orders of the currency anew. Refused: BadRate."""
    if not is_currency(currency, day):
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


def revalue_chunk(chunk: Sequence[queries.OrderToRevalue], at: datetime) -> None:
    """Give orders their rates; summaries and listeners follow in the same commit."""
    customer_ids = [order.customer_id for order in chunk]
    summaries.lock_customers(customer_ids)
    queries.revalue_orders([order.id for order in chunk], [order.rate for order in chunk], at)
    summaries.refresh_summaries(customer_ids, at)
    earliest = min(order.placed_at for order in chunk)
    for live in (True, False):
        ids = [order.id for order in chunk if order.live is live]
        events.announce_event(OrderChanged(ids=ids, live=live, at=at, earliest=earliest))


def stored_rates() -> QuerySet[ExchangeRate]:
    """All rates, the newest of each currency first."""
    return ExchangeRate.objects.order_by("currency", "-day")


def currencies_never_stored(currencies: Iterable[str]) -> list[str]:
    """Those of the currencies for which no rate was ever stored, without the base currency. One query."""
    foreign = set(currencies) - {company.get_company().base_currency}
    return sorted(foreign - set(ExchangeRate.objects.filter(currency__in=foreign).values_list("currency", flat=True)))


def missing_rates() -> list[dict[str, Any]]:
    """Currencies of orders that wait for a rate: `currency`, `orders`, `since` (the first order). One query."""
    rows = Order.objects.filter(rate_is_known=False).values("currency").order_by("currency")
    return [dict(row) for row in rows.annotate(orders=Count("pk"), since=Min("placed_at"))]
