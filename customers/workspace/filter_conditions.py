"""The condition of each filter of the customer list; where it can, one on an index of one table."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.kernel.auth.models import User
from customers.messaging import channels, policy
from customers.messaging.choices import ConsentState, MessageTopic
from customers.messaging.models import Consent
from customers.orders.models import Order, counting_orders
from customers.profiles import search
from customers.profiles.models import Customer, CustomerFact

# A search with few hits is read by their ids; one with more by walking the list in its order.
# PostgreSQL cannot tell the two apart beforehand: walking for 700 hits took 90 ms where their ids took 10.
MAX_SEARCH_IDS = 2_000
LONG_ORDER_NUMBER = 4


def filter_customers(
    customers: QuerySet[Customer], chosen: dict[str, Any], *, user: User, now: datetime
) -> QuerySet[Customer]:
    """The customers that match all the chosen filters."""
    for name, value in chosen.items():
        if name == "q":
            customers = search_customers(customers, value)
        elif name in CONDITIONS:
            customers = customers.filter(CONDITIONS[name](value, user, now))
        elif name != "archived":
            customers = customers.filter(fact_condition(name, value))
    return customers


def search_customers(customers: QuerySet[Customer], query: str) -> QuerySet[Customer]:
    """Customers by name, address, number, or the number of an order; one query beside the list's own."""
    if not search.search_terms(query):
        return customers
    matching = search.search_condition(query)
    hits = Customer.objects.filter(matching).order_by().values_list("pk", flat=True)
    if numbers := _order_numbers(query):
        buyers = Order.objects.filter(number__in=numbers).order_by().values_list("customer_id", flat=True)
        hits = hits.union(buyers)
    ids = list(hits[: MAX_SEARCH_IDS + 1])
    return customers.filter(pk__any=ids) if len(ids) <= MAX_SEARCH_IDS else customers.filter(matching)


def _order_numbers(query: str) -> set[str]:
    """The query as an order number, where it can be one."""
    number = query.strip()
    if len(number) < LONG_ORDER_NUMBER or not any(character.isdigit() for character in number):
        return set()
    return {number, number.upper()}


def care_allowed_condition(channel: str) -> Q:
    """Customers with an address of the channel to whom care messages may go: consent was given, or nothing was said and
    the company's default allows them."""
    consents = Consent.objects.filter(customer=OuterRef("pk"), channel=channel, topic=MessageTopic.CARE)
    allowed = Q(Exists(consents.filter(state=ConsentState.GIVEN)))
    if policy.default_consent(channel, MessageTopic.CARE):
        allowed |= ~Q(Exists(consents))
    return allowed & Q(**{f"{channels.get_channel_kind(channel).address_field}__isnull": False})


def fact_condition(kind: str, values: list[str]) -> Q:
    """Customers of whom a fact of the kind has one of the values."""
    return Q(Exists(CustomerFact.objects.filter(customer=OuterRef("pk"), kind=kind, value__in=values)))


def _bought_condition(**where: Any) -> Q:
    orders = Order.objects.filter(customer=OuterRef("pk"), **where).filter(counting_orders())
    return Q(Exists(orders))


def _owner_condition(value: str, user: User, now: datetime) -> Q:
    if value == "none":
        return Q(owner=None)
    return Q(owner=user) if value == "me" else Q(owner__public_id=value)


def _local_midnight(day: date, user: User) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(user.time_zone)).astimezone(UTC)


FilterCondition = Callable[[Any, User, datetime], Q]
CONDITIONS: dict[str, FilterCondition] = {
    "tag": lambda tags, user, now: Q(tags__overlap=tags),
    "owner": _owner_condition,
    "quiet": lambda days, user, now: Q(summary__last_order_at__lt=now - timedelta(days=days)),
    "bought": lambda days, user, now: Q(summary__last_order_at__gte=now - timedelta(days=days)),
    "orders_min": lambda n, user, now: Q(summary__orders__gte=n) if n else Q(),
    "orders_max": lambda n, user, now: Q(summary__orders__lte=n) | Q(summary=None),
    "spend_min": lambda amount, user, now: Q(summary__net_spend__gte=amount),
    "spend_max": lambda amount, user, now: Q(summary__net_spend__lte=amount) | Q(summary=None),
    "consent": lambda channel, user, now: care_allowed_condition(channel),
    "store": lambda store, user, now: _bought_condition(store=store),
    "channel": lambda channel, user, now: _bought_condition(channel=channel),
    "created_from": lambda day, user, now: Q(created_at__gte=_local_midnight(day, user)),
    "created_to": lambda day, user, now: Q(created_at__lt=_local_midnight(day + timedelta(days=1), user)),
    "grade": lambda grade, user, now: Q(value_grade=grade),
    "language": lambda language, user, now: Q(language=language),
}
