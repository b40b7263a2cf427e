"""Facts that upper apps push down, so that siblings may read them without knowing each other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.profiles.models import Customer, CustomerFact

# kind → label (lazy), for lists and filters; the pushing area registers it.
fact_labels: dict[str, Any] = {}


@dataclass(frozen=True)
class FactDisplay:
    """A fact as people see it: `tone` is a tier's ramp (1–4), a risk's level (low, mid, high) or a badge's tone."""

    text: str
    style: Literal["plain", "badge", "tier", "risk"] = "plain"
    tone: str = ""


@dataclass(frozen=True)
class FactFormat:
    """How facts of a kind are shown, and which values lists may be filtered by: (value, label) in their order.

    `otherwise` says what a row of a list without such a fact means. All run for every list, so they read what is
    cached, not the database.
    """

    show: Callable[[str, Decimal | None], FactDisplay]
    choices: Callable[[], list[tuple[str, str]]] = list
    otherwise: Callable[[Any], FactDisplay | None] = lambda row: None


fact_formats: dict[str, FactFormat] = {}


def format_fact(kind: str, value: str, number: Decimal | None) -> FactDisplay:
    """A fact in the look of its kind; one without a look as its value or number."""
    if kind in fact_formats:
        return fact_formats[kind].show(value, number)
    return FactDisplay(value or (f"{number.normalize():f}" if number is not None else ""))


UPSERT_FACTS = """
INSERT INTO customers_customerfact (customer_id, kind, value, number, data, computed_at)
SELECT t.customer_id, %(kind)s, t.value, t.number, '{}', %(at)s
FROM unnest(%(ids)s::bigint[], %(values)s::text[], %(numbers)s::numeric[]) AS t(customer_id, value, number)
ORDER BY t.customer_id
ON CONFLICT (customer_id, kind) DO UPDATE
SET value = excluded.value, number = excluded.number, computed_at = excluded.computed_at
WHERE (customers_customerfact.value, customers_customerfact.number) IS DISTINCT FROM (excluded.value, excluded.number)
"""


def push_facts(kind: str, values: Mapping[int, tuple[str, Decimal | int | None]], at: datetime) -> int:
    """Set one kind of fact for many customers: customer id → (value, number). Returns how many changed."""
    if not values:
        return 0
    ids = sorted(values)
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(
            UPSERT_FACTS,
            {
                "kind": kind,
                "at": at,
                "ids": ids,
                "values": [values[i][0] for i in ids],
                "numbers": [values[i][1] for i in ids],
            },
        )
        return int(cursor.rowcount)


def clear_facts(kind: str, customer_ids: Iterable[int]) -> int:
    """Forget a fact that no longer holds."""
    deleted, _rows = CustomerFact.objects.filter(kind=kind, customer_id__in=list(customer_ids)).delete()
    return deleted


def facts_subquery(customer: str = "pk", *names: str, above: int | None = None) -> ArraySubquery:
    """Facts of a row's customer for `annotate(fact_list=…)`, all, some or those with a number above one; no query of their own."""
    own = CustomerFact.objects.filter(customer=OuterRef(customer)).order_by()
    own = own.filter(kind__in=names) if names else own
    own = own.filter(number__gt=above) if above is not None else own
    return ArraySubquery(own.values(json=JSONObject(kind="kind", value="value", number="number")))


def get_fact(customer: Customer, kind: str) -> tuple[str, Decimal | None] | None:
    """Value and number of one fact; no query where the customer came with `fact_list`."""
    if not hasattr(customer, "fact_list"):
        one = facts_by_customer([customer.pk], kind).get(customer.pk, {}).get(kind)
        return (one.value, one.number) if one else None
    for each in customer.fact_list or []:
        if each["kind"] == kind:
            return each["value"], None if each["number"] is None else Decimal(str(each["number"]))
    return None


def facts_by_customer(customer_ids: Iterable[int], *names: str) -> dict[int, dict[str, CustomerFact]]:
    """Facts of many customers, in one query: customer id → kind → fact."""
    found: dict[int, dict[str, CustomerFact]] = {}
    rows: QuerySet[CustomerFact] = CustomerFact.objects.filter(customer_id__in=list(customer_ids))
    for fact in rows.filter(kind__in=names) if names else rows:
        found.setdefault(fact.customer_id, {})[fact.kind] = fact
    return found
