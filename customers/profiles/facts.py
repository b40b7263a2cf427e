"""Facts that upper apps push down, so that siblings may read them without knowing each other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from customers.profiles import queries
from customers.profiles.models import Customer, CustomerFact

CLEARED_AT_ONCE = 10_000


@dataclass(frozen=True)
class FactDisplay:
    """A fact as staff see it: `tone` is a tier's ramp (1–4), a risk's level (low, mid, high) or a badge's tone."""

    text: str
    style: Literal["plain", "badge", "tier", "risk"] = "plain"
    tone: str = ""


@dataclass(frozen=True)
class FactFormat:
    """What facts of a kind are called, how they are shown, and which values lists may be filtered by.

    `choices` gives (value, label) in their order; `format_missing` says what a row of a list without such a fact means.
    All of them run for every list, so they read what is cached, not the database.
    """

    label: Any
    format: Callable[[str, Decimal | None], FactDisplay]
    choices: Callable[[], list[tuple[str, str]]] = list
    format_missing: Callable[[Any], FactDisplay | None] = lambda row: None


fact_formats: dict[str, FactFormat] = {}


def register_fact(kind: str, fact_format: FactFormat) -> None:
    """From now on facts of this kind are shown and filtered by this format; lists keep the order of registration."""
    fact_formats[kind] = fact_format


def fact_label(kind: str) -> Any:
    """What facts of a kind are called (lazy); an unregistered kind by its key."""
    return fact_formats[kind].label if kind in fact_formats else kind


def format_fact(kind: str, value: str, number: Decimal | None) -> FactDisplay:
    """A fact in the format of its kind; one of an unregistered kind as its value or number."""
    if kind in fact_formats:
        return fact_formats[kind].format(value, number)
    return FactDisplay(value or (f"{number.normalize():f}" if number is not None else ""))


def push_facts(kind: str, values: Mapping[int, tuple[str, Decimal | int | None]], at: datetime) -> int:
    """Set one kind of fact for many customers: customer id → (value, number). Returns how many changed. One statement."""
    return queries.upsert_facts(kind, values, at) if values else 0


def clear_facts(kind: str, customer_ids: Iterable[int]) -> int:
    """Remove a fact that no longer holds; returns how many customers had it."""
    deleted, _rows = CustomerFact.objects.filter(kind=kind, customer_id__in=list(customer_ids)).delete()
    return deleted


def clear_all_facts(kind: str) -> int:
    """Remove a kind of fact that holds for nobody any more; returns how many customers had it."""
    total = 0
    while chunk := list(CustomerFact.objects.filter(kind=kind).values_list("pk", flat=True)[:CLEARED_AT_ONCE]):
        total += CustomerFact.objects.filter(pk__in=chunk).delete()[0]
    return total


def facts_subquery(customer: str = "pk", *names: str, above: int | None = None) -> ArraySubquery:
    """Facts of a row's customer for `annotate(fact_list=…)`: all, some kinds, or those with a number above one.

    Adds no query of its own.
    """
    rows = CustomerFact.objects.filter(customer=OuterRef(customer)).order_by()
    rows = rows.filter(kind__in=names) if names else rows
    rows = rows.filter(number__gt=above) if above is not None else rows
    return ArraySubquery(rows.values(json=JSONObject(kind="kind", value="value", number="number")))


def get_fact(customer: Customer, kind: str) -> tuple[str, Decimal | None] | None:
    """Value and number of one fact; no query where the customer came with `fact_list`, else one."""
    if not hasattr(customer, "fact_list"):
        fact = facts_by_customer([customer.pk], kind).get(customer.pk, {}).get(kind)
        return (fact.value, fact.number) if fact else None
    for row in customer.fact_list or []:
        if row["kind"] == kind:
            return row["value"], None if row["number"] is None else Decimal(str(row["number"]))
    return None


def facts_by_customer(customer_ids: Iterable[int], *names: str) -> dict[int, dict[str, CustomerFact]]:
    """Facts of many customers, in one query: customer id → kind → fact."""
    by_customer: dict[int, dict[str, CustomerFact]] = {}
    rows: QuerySet[CustomerFact] = CustomerFact.objects.filter(customer_id__in=list(customer_ids))
    for fact in rows.filter(kind__in=names) if names else rows:
        by_customer.setdefault(fact.customer_id, {})[fact.kind] = fact
    return by_customer
