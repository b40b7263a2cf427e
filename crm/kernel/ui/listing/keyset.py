"""Lists: an allow-list of sorts, keyset paging that costs the same on every page, counts that stop early."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.utils.translation import gettext as _

from crm.kernel.ui.listing import cursors

COUNT_LIMIT = 1_000
ListRow = Any


@dataclass(frozen=True)
class ListPage:
    """One page of a list: its rows and where the neighbours begin."""

    rows: list[ListRow]
    sort: str
    next_cursor: str | None
    previous_cursor: str | None

    @property
    def is_only_page(self) -> bool:
        """The list fits on this one page."""
        return self.next_cursor is None and self.previous_cursor is None


@dataclass(frozen=True)
class Listing:
    """A queryset with named sorts. A sort is a tuple of columns, the last one unique; a leading - turns it.

    A first column that may be NULL is given as `name?` and sorts last in both directions. `a|b` behind it means
    a where it has a value and b where it has none: an index over (name, a) of a joined table is walked only by a.
    """

    queryset: QuerySet[Any]
    sorts: Mapping[str, Sequence[str]]
    default: str
    size: int = 50

    def get_page(self, sort: str | None = None, cursor: str | None = None) -> ListPage:
        """One page. An unknown sort falls back to the default; a bad cursor raises BadCursor.

        One query, and a second one only where a column that may be NULL runs out of values on the page.
        """
        sort = sort if sort and sort.lstrip("-") in self._names() else self.default
        keys = self._keys(sort)
        values, backward = cursors.decode_cursor(cursor, sort, len(keys)) if cursor else (None, False)
        found = self._read(keys, values, backward)
        more, found = len(found) > self.size, found[: self.size]
        if backward:
            found.reverse()
        before = more if backward else values is not None
        after = values is not None if backward else more
        return ListPage(
            found,
            sort,
            self._edge(found, sort, keys, -1) if after else None,
            self._edge(found, sort, keys, 0) if before else None,
        )

    def count_rows(self, page: ListPage) -> int:
        """How many rows, counted up to 1,001: `count_text` writes it. No query where the page holds them all."""
        return len(page.rows) if page.is_only_page else count_up_to_limit(self.queryset)

    def _read(self, keys: list["SortColumn"], values: list[Any] | None, backward: bool) -> list[ListRow]:
        """Up to one row more than a page; rows with and without a value are read apart, for each to walk an index."""
        if not keys[0].nullable:
            return self._walk(self.queryset, keys, values, backward)
        empty, found = values is not None and values[0] is None, list[ListRow]()
        for part in (True, False) if backward else (False, True):
            if values is not None and part != empty and part is backward:
                continue
            begin = values if values is not None and part is empty else None
            rows = self.queryset.filter(**{f"{keys[0].column}__isnull": part})
            if part:
                keys_here, begin = [key.for_empty_first() for key in keys[1:]], begin and begin[1:]
            else:
                keys_here = keys
            found += self._walk(rows, keys_here, begin, backward, len(found))
            if len(found) > self.size:
                break
        return found

    def _walk(
        self, rows: QuerySet[Any], keys: list["SortColumn"], values: list[Any] | None, backward: bool, have: int = 0
    ) -> list[ListRow]:
        rows = rows.order_by(*[key.ordering(backward) for key in keys])
        if values is not None:
            rows = rows.filter(_after_values(keys, values, backward))
        return list(rows[: self.size + 1 - have])

    def _names(self) -> set[str]:
        return {name.lstrip("-") for name in self.sorts}

    def _keys(self, sort: str) -> list["SortColumn"]:
        turned = sort.startswith("-")
        columns = self.sorts[sort.lstrip("-")]
        return [SortColumn.parse(column, turned) for column in columns]

    def _edge(self, rows: list[ListRow], sort: str, keys: list["SortColumn"], at: int) -> str | None:
        if not rows:
            return None
        first = keys[0].value_of(rows[at])
        rest = [(key.for_empty_first() if first is None else key).value_of(rows[at]) for key in keys[1:]]
        return cursors.encode_cursor(sort, [first, *rest], backward=at == 0)


@dataclass(frozen=True)
class SortColumn:
    """One column of a sort."""

    column: str
    descending: bool
    nullable: bool
    other: str = ""

    @classmethod
    def parse(cls, written: str, turned: bool) -> "SortColumn":
        column, _bar, other = written.strip("-?").partition("|")
        return cls(column, written.startswith("-") != turned, written.endswith("?"), other)

    def for_empty_first(self) -> "SortColumn":
        """The column to use where the first one is NULL."""
        return replace(self, column=self.other or self.column)

    def is_descending(self, backward: bool) -> bool:
        return self.descending != backward

    def ordering(self, backward: bool) -> Any:
        return F(self.column).desc() if self.is_descending(backward) else F(self.column).asc()

    def value_of(self, row: ListRow) -> Any:
        for name in self.column.split("__"):
            row = getattr(row, name) if row is not None else None
        return row


class RowComparison(Func):
    """`(a, b) > (x, y)`: the one form of this comparison that PostgreSQL can begin an index scan with."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: Sequence[str], values: Sequence[Any], down: bool) -> None:
        super().__init__(*[F(column) for column in columns], *[Value(value) for value in values])
        self.sign = "<" if down else ">"

    def as_sql(self, compiler: Any, connection: Any, *names: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        made = [compiler.compile(part) for part in self.source_expressions]
        half = len(made) // 2
        left, right = (", ".join(sql for sql, _params in side) for side in (made[:half], made[half:]))
        return f"({left}) {self.sign} ({right})", tuple(param for _sql, params in made for param in params)


def _after_values(keys: list[SortColumn], values: list[Any], backward: bool) -> Q:
    """Rows strictly after the values: (a, b) > (x, y) where all columns run one way, else a > x, or a = x and b > y."""
    if len({key.is_descending(backward) for key in keys}) == 1:
        return Q(RowComparison([key.column for key in keys], values, keys[0].is_descending(backward)))
    found, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        found |= same & Q(**{f"{key.column}__{'lt' if key.is_descending(backward) else 'gt'}": value})
        same &= Q(**{key.column: value})
    return found


def count_up_to_limit(queryset: QuerySet[Any]) -> int:
    """How many rows, counted up to 1,001; give it the rows without what only the page shows."""
    return int(queryset.order_by()[: COUNT_LIMIT + 1].count())


def format_count(count: int) -> str:
    """`3,962`, or `more than 1,000` where counting stopped."""
    return _("more than 1,000") if count > COUNT_LIMIT else f"{count:,}"
