"""A chunk of staged rows takes effect: rows, outcomes and effects commit together or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.kernel import company
from customers.importing import columns, customer_rows, import_report, order_rows
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.choices import ImportKind, ImportMode, RowOutcome
from customers.importing.customer_rows import CustomerChanges
from customers.importing.models import Import
from customers.importing.staging import StagedRow
from customers.orders import services as orders
from customers.orders.choices import OrderOutcome
from customers.orders.rules import first_refused_instant
from customers.profiles import customer_matching
from customers.profiles.customer_matching import AnyCustomer, IncomingCustomer

LINE_KEYS = {"line_ref", "sku", "product_name", "category", "quantity", "unit_price", "line_discount", "line_total"}
CUSTOMER_KEYS = [target.key for target in columns.CUSTOMER_COLUMNS]
ORDER_KEYS = [target.key for target in columns.ORDER_COLUMNS if target.key not in LINE_KEYS]


def get_cell_format(batch: Import, at: datetime) -> CellFormat:
    """How this import reads ambiguous cells; the company's settings where it says nothing."""
    ours = company.get_company()
    options = batch.options
    zone = ZoneInfo(options.get("time_zone") or ours.time_zone)
    return CellFormat(
        options.get("currency") or ours.base_currency,
        zone,
        options.get("date_order") or "mdy",
        ours.phone_region,
        at.astimezone(zone).date(),
        first_refused_instant(at, ZoneInfo(ours.time_zone)),
    )


@dataclass
class ImportChunk:
    """Some rows of an import, with what each says and what came of it."""

    batch: Import
    rows: Sequence[StagedRow]
    at: datetime
    reading: CellFormat
    products_created: int = 0
    persons: dict[int, IncomingCustomer] = field(default_factory=dict)
    takers: dict[int, AnyCustomer] = field(default_factory=dict)
    said: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    @transaction.atomic
    def apply(self) -> None:
        """Everything of these rows; what came of each stands in the row."""
        if self.batch.kind == ImportKind.ORDERS:
            fill_order_cells(self.rows)
        for row in self.rows:
            apply_or_reject(row, lambda row=row: self._parse(row))
        changes = CustomerChanges(
            customer_matching.load_customer_index(list(self.persons.values()), compared=True),
            self._mode,
            self.batch.source,
        )
        if self.batch.kind == ImportKind.CUSTOMERS:
            self._customers(changes)
        else:
            self._orders(changes)
        import_report.store_outcomes(self.batch.pk, self.rows)

    @property
    def _mode(self) -> str:
        """An order file makes and completes customers but never overwrites them."""
        return (
            ImportMode.FILL
            if self.batch.kind == ImportKind.ORDERS and self.batch.mode == ImportMode.UPSERT
            else self.batch.mode
        )

    def _parse(self, row: StagedRow) -> None:
        read = lambda: customer_rows.parse_customer(row.values, self.batch.source, self.reading)  # noqa: E731
        self.persons[row.row_no] = self._once("person", CUSTOMER_KEYS, row, read)

    def _once(self, what: str, cells: Sequence[str], row: StagedRow, read: Callable[[], Any]) -> Any:
        """What these cells say; the lines of an order repeat who bought and when, and are read once for all."""
        if self.batch.kind == ImportKind.CUSTOMERS:
            return read()
        key = (what, *[row.values.get(target) for target in cells])
        if key not in self.said:
            self.said[key] = read()
        return self.said[key]

    def _save(self, changes: CustomerChanges) -> None:
        customer_matching.save_customers(
            created=changes.created,
            changed=customer_matching.load_changed_customers(changes.changed),
            linked=changes.linked,
            at=self.at,
            live=self.batch.live,
        )
        for row in self.rows:
            row.customer_id = self.takers[row.row_no].pk if row.row_no in self.takers else None

    def _customers(self, changes: CustomerChanges) -> None:
        for row in self._good():
            self._take([row], changes)
        self._save(changes)
        for row in self._good():
            row.outcome = row.customer_outcome

    def _take(self, rows: list[StagedRow], changes: CustomerChanges) -> AnyCustomer | None:
        """The customer of these rows, as the first of them names him; where he cannot be told, all are rejected."""
        first = rows[0]
        taken = apply_or_reject(first, lambda: changes.take(self.persons[first.row_no]))
        for row in rows:
            if taken is None:
                row.outcome, row.column, row.reason = first.outcome, first.column, first.reason
            else:
                self.takers[row.row_no] = taken[0]
                row.customer_outcome = taken[1]
        return taken[0] if taken else None

    def _good(self) -> list[StagedRow]:
        return [row for row in self.rows if row.outcome is None]

    def _orders(self, changes: CustomerChanges) -> None:
        lines = {
            row.row_no: line
            for row in self._good()
            if (line := apply_or_reject(row, lambda row=row: order_rows.parse_order_line(row.values)))
        }
        heads = {
            row.row_no: head for row in self._good() if (head := apply_or_reject(row, lambda row=row: self._head(row)))
        }
        groups = self._groups()
        owners = {group: self._take(rows, changes) for group, rows in groups.items()}
        self._save(changes)
        wanted = {
            group: order_rows.assemble_order(
                self.batch.source, owner.pk, heads[rows[0].row_no], [lines[row.row_no] for row in rows]
            )
            for group, rows in groups.items()
            if (owner := owners[group]) is not None and owner.pk is not None
        }
        for group, order in wanted.items():
            if refusal := order_rows.order_contradiction(order):
                reject_rows(groups[group], refusal)
        self._record({group: order for group, order in wanted.items() if groups[group][0].outcome is None}, groups)

    def _groups(self) -> dict[int, list[StagedRow]]:
        """The rows of each order; an order of two customers is rejected whole, for nobody can tell whose it is."""
        groups: dict[int, list[StagedRow]] = {}
        for row in self._good():
            groups.setdefault(row.group, []).append(row)
        for rows in groups.values():
            if refusal := order_rows.customer_conflict([self.persons[row.row_no] for row in rows]):
                reject_rows(rows, refusal)
        return {group: rows for group, rows in groups.items() if rows[0].outcome is None}

    def _head(self, row: StagedRow) -> order_rows.OrderHeader:
        return self._once("head", ORDER_KEYS, row, lambda: order_rows.parse_order_header(row.values, self.reading))  # type: ignore[no-any-return]

    def _record(self, wanted: dict[int, Any], groups: dict[int, list[StagedRow]]) -> None:
        recorded = orders.record_orders(
            orders=list(wanted.values()), at=self.at, live=self.batch.live, earn=bool(self.batch.options.get("earn"))
        )
        self.products_created = recorded.products_created
        for group, order in wanted.items():
            outcome: OrderOutcome = recorded.outcomes[order.source, order.number]
            for row in groups[group]:
                row.outcome = RowOutcome(outcome.value)


def fill_order_cells(rows: Sequence[StagedRow]) -> None:
    """Shops write the order's own cells in its first row only: later rows of the same order take them from there."""
    first: dict[int, StagedRow] = {}
    for row in rows:
        head = first.setdefault(row.group, row)
        if head is not row:
            kept = {target: cell for target, cell in head.values.items() if target not in LINE_KEYS}
            row.values = {
                **kept,
                **{target: cell for target, cell in row.values.items() if cell.strip() or target in LINE_KEYS},
            }


def reject_rows(rows: Sequence[StagedRow], refusal: RejectedCell) -> None:
    """All of these rows, for the same reason."""
    for row in rows:
        row.outcome, row.column, row.reason = RowOutcome.REJECTED, refusal.target, refusal.reason[:300]


def apply_or_reject(row: StagedRow, work: Any) -> Any:
    """Do it, or reject the row with the column and the reason; None when rejected."""
    try:
        return work()
    except RejectedCell as refusal:
        reject_rows([row], refusal)
    except orders.BadOrder as refusal:
        row.outcome, row.column, row.reason = (
            RowOutcome.REJECTED,
            refusal.field[:200],
            refusal.reason[:300],
        )
    return None
