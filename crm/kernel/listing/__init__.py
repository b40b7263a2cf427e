"""Lists: an allow-list of sorts, keyset paging that costs the same on every page, counts that stop early."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from crm.kernel.listing import rules

COUNT_TO = 1_000
Row = Any


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows and where the neighbours begin."""

    rows: list[Row]
    sort: str
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(frozen=True)
class Listing:
    """A queryset with named sorts. A sort is a tuple of columns, the last one unique; a leading - turns it.

    Columns that may be NULL sort last in both directions and are given as `name?`.
    """

    queryset: QuerySet[Any]
    sorts: Mapping[str, Sequence[str]]
    default: str
    size: int = 50

    def page(self, sort: str | None = None, cursor: str | None = None) -> Page:
        """One page, in one query. An unknown sort falls back to the default; a bad cursor raises BadCursor."""
        sort = sort if sort and sort.lstrip("-") in self._names() else self.default
        keys = self._keys(sort)
        values, backward = rules.decode(cursor, sort, len(keys)) if cursor else (None, False)
        rows = self.queryset.order_by(*[key.order(backward) for key in keys])
        if values is not None:
            rows = rows.filter(_after(keys, values, backward))
        found = list(rows[: self.size + 1])
        more, found = len(found) > self.size, found[: self.size]
        if backward:
            found.reverse()
        before = more if backward else values is not None
        after = values is not None if backward else more
        return Page(found, sort, self._edge(found, sort, keys, -1) if after else None, self._edge(found, sort, keys, 0) if before else None)

    def count(self) -> int:
        """How many rows, counted up to 1,001: `count_text` writes it."""
        return self.queryset.order_by()[: COUNT_TO + 1].count()

    def _names(self) -> set[str]:
        return {name.lstrip("-") for name in self.sorts}

    def _keys(self, sort: str) -> list["Key"]:
        turned = sort.startswith("-")
        columns = self.sorts[sort.lstrip("-")]
        return [Key(column.strip("-?"), column.startswith("-") != turned, column.endswith("?")) for column in columns]

    def _edge(self, rows: list[Row], sort: str, keys: list["Key"], at: int) -> str | None:
        if not rows:
            return None
        return rules.encode(sort, [key.value(rows[at]) for key in keys], backward=at == 0)


@dataclass(frozen=True)
class Key:
    """One column of a sort."""

    column: str
    descending: bool
    nullable: bool

    def order(self, backward: bool) -> Any:
        down = self.descending != backward
        nulls = {"nulls_first": True} if self.nullable and backward else {"nulls_last": True} if self.nullable else {}
        return F(self.column).desc(**nulls) if down else F(self.column).asc(**nulls)

    def value(self, row: Row) -> Any:
        for name in self.column.split("__"):
            row = getattr(row, name) if row is not None else None
        return row

    def beyond(self, value: Any, backward: bool) -> Q | None:
        """Rows strictly after the value in this direction; None where there can be none."""
        column = self.column
        if value is None:
            return Q(**{f"{column}__isnull": False}) if backward else None
        further = Q(**{f"{column}__{'lt' if self.descending != backward else 'gt'}": value})
        return further | Q(**{f"{column}__isnull": True}) if self.nullable and not backward else further

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})


def _after(keys: list[Key], values: list[Any], backward: bool) -> Q:
    """(a, b) > (x, y), column by column: a > x, or a = x and b > y."""
    found, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value, backward)
        if beyond is not None:
            found |= same & beyond
        same &= key.same(value)
    return found


def count_text(count: int) -> str:
    """`3,962`, or `more than 1,000` where counting stopped."""
    return _("more than 1,000") if count > COUNT_TO else f"{count:,}"
