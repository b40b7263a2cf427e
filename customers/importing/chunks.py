"""A chunk of staged rows takes effect: its outcomes commit together with what they say, or not at all."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import company
from customers.importing import (
    column_styles,
    columns,
    consent_cells,
    customer_rows,
    order_refunds,
    order_rows,
    queries,
    return_rows,
)
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.choices import ImportKind, ImportMode, RowOutcome
from customers.importing.customer_rows import CustomerChanges
from customers.importing.models import Import
from customers.importing.optional_cells import OptionalCells
from customers.importing.row_outcomes import reject_rows
from customers.importing.staging import StagedRow
from customers.importing.state_words import own_states
from customers.messaging import consent
from customers.messaging.choices import ConsentSource
from customers.messaging.consent import ConsentStatement
from customers.orders import services as orders
from customers.orders.choices import OrderOutcome
from customers.orders.models import Order
from customers.orders.rules import IncomingOrder, IncomingOrderLine, first_refused_instant
from customers.profiles import customer_matching, customer_writes, match_locks
from customers.profiles.customer_matching import AnyCustomer, IncomingCustomer

T = TypeVar("T")
LINE_KEYS = {"line_ref", "sku", "product_name", "category", "quantity", "unit_price", "line_discount", "line_total"}
CUSTOMER_KEYS = [*(column.key for column in columns.CUSTOMER_COLUMNS), columns.CONTENT_KEY]
ORDER_KEYS = [column.key for column in columns.ORDER_COLUMNS if column.key not in LINE_KEYS]


def get_cell_format(batch: Import, at: datetime) -> CellFormat:
    """How this import parses ambiguous cells, once its rows are staged; the company's settings where it has no options."""
    settings = company.get_company()
    options = batch.options
    zone = ZoneInfo(options.get("time_zone") or settings.time_zone)
    return CellFormat(
        options.get("currency") or settings.base_currency,
        zone,
        date_orders=column_styles.date_orders(batch.styles, options, settings.phone_region),
        decimal_signs=column_styles.decimal_signs(batch.styles, options),
        region=settings.phone_region,
        today=at.astimezone(zone).date(),
        refused_from=first_refused_instant(at, ZoneInfo(settings.time_zone)),
        strict=bool(options.get("strict")),
        order_states=own_states(options.get("states") or {}),
    )


@dataclass
class ImportChunk:
    """Some rows of an import, with what was parsed from each and what came of it."""

    batch: Import
    rows: Sequence[StagedRow]
    at: datetime
    cell_format: CellFormat
    products_created: int = 0
    incoming: dict[int, IncomingCustomer] = field(default_factory=dict)
    customers: dict[int, AnyCustomer] = field(default_factory=dict)
    parsed: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    returned_rows: set[int] = field(default_factory=set)
    consents: dict[int, list[ConsentStatement]] = field(default_factory=dict)
    consents_changed: int = 0

    @transaction.atomic
    def apply(self) -> None:
        """Everything of these rows takes effect; each row holds its outcome."""
        if self.batch.kind == ImportKind.ORDERS:
            self._read_returns()
        for row in self.rows:
            apply_or_reject(row, partial(self._parse_row, row))
        match_locks.lock_match_keys(key for incoming in self.incoming.values() for key in incoming.match_keys)
        changes = CustomerChanges(
            customer_matching.load_customer_index(list(self.incoming.values()), compared=True),
            self._mode,
            self.batch.source,
        )
        if self.batch.kind == ImportKind.CUSTOMERS:
            self._apply_customers(changes)
        else:
            self._apply_orders(changes)
        self._record_consents()
        queries.store_outcomes(self.batch.pk, self.rows)

    @property
    def _mode(self) -> str:
        """An order file creates and completes customers but never overwrites them."""
        return (
            ImportMode.FILL
            if self.batch.kind == ImportKind.ORDERS and self.batch.mode == ImportMode.UPSERT
            else self.batch.mode
        )

    def _parse_row(self, row: StagedRow) -> None:
        parse = partial(customer_rows.parse_customer, row.values, self.batch.source, self.cell_format)
        self.incoming[row.row_no] = self._parse_once("customer", CUSTOMER_KEYS, row, partial(self._warned, row, parse))
        if any(key in self.batch.mapping for key in consent_cells.CHANNEL_BY_KEY):
            wording = self.batch.options.get("consent_wording", "")
            read = partial(consent_cells.parse_statements, row.values, self.cell_format, wording)
            self.consents[row.row_no] = self._warned(row, read)

    def _record_consents(self) -> None:
        """What the customers of accepted rows said about marketing; an import that only adds people leaves others alone."""
        only_new = self.batch.mode == ImportMode.CREATE
        statements = [
            replace(statement, customer_id=row.customer_id)
            for row in self.rows
            if row.customer_id and row.outcome != RowOutcome.REJECTED
            if not only_new or row.customer_outcome == RowOutcome.CREATED
            for statement in self.consents.get(row.row_no, ())
        ]
        if statements:
            self.consents_changed = consent.record_consents(
                statements=statements,
                source=ConsentSource.IMPORT,
                at=self.at,
                wording=self.batch.options.get("consent_wording", ""),
                proof=f"{self.batch.file_name[:160]} ({self.batch.public_id})",
            )

    def _parse_once(self, part: str, keys: Sequence[str], row: StagedRow, parse: Callable[[], Any]) -> Any:
        """What these cells hold; the lines of an order repeat who bought and when, and are parsed once for all."""
        if self.batch.kind == ImportKind.CUSTOMERS:
            return parse()
        cells = (part, *[row.values.get(key) for key in keys])
        if cells not in self.parsed:
            self.parsed[cells] = parse()
        return self.parsed[cells]

    def _warned(self, row: StagedRow, parse: Callable[..., T]) -> T:
        """What the row says; the cells that it lost are its warnings."""
        cells = OptionalCells(self.cell_format.strict)
        parsed = parse(cells=cells)
        row.warnings += [[refusal.target, refusal.reason[:300]] for refusal in cells.warnings]
        return parsed

    def _save_customers(self, changes: CustomerChanges) -> None:
        customer_writes.save_customers(
            created=changes.created,
            changed=customer_writes.load_changed_customers(changes.changed),
            linked=changes.new_refs,
            at=self.at,
            live=self.batch.live,
        )
        for row in self.rows:
            row.customer_id = self.customers[row.row_no].pk if row.row_no in self.customers else None

    def _apply_customers(self, changes: CustomerChanges) -> None:
        for row in self._accepted_rows():
            self._match_customer([row], changes)
        self._save_customers(changes)
        for row in self._accepted_rows():
            row.outcome = row.customer_outcome

    def _match_customer(self, rows: list[StagedRow], changes: CustomerChanges) -> AnyCustomer | None:
        """The customer of these rows, as the first of them names them; where nobody can tell, all rows are rejected."""
        first = rows[0]
        incoming = self.incoming[first.row_no]
        match = apply_or_reject(first, partial(changes.match_or_create, incoming))
        if match and match[1] == RowOutcome.CREATED and changes.shares_email(incoming):
            first.warnings.append(["email", _("they share an e-mail with another customer, and stay two people")])
        for row in rows:
            if match is None:
                row.outcome, row.column, row.reason = first.outcome, first.column, first.reason
            else:
                self.customers[row.row_no], row.customer_outcome = match
        return match[0] if match else None

    def _accepted_rows(self) -> list[StagedRow]:
        return [row for row in self.rows if row.outcome is None]

    def _read_returns(self) -> None:
        """Tell rows that give goods back from sales, and read them like these."""
        self.returned_rows = {row.row_no for row in self.rows if return_rows.is_return(row.values)}
        fill_order_cells(self.rows, self.returned_rows)
        for row in self.rows:
            if row.row_no in self.returned_rows:
                row.values = return_rows.unsign_return(row.values)

    def _apply_orders(self, changes: CustomerChanges) -> None:
        lines = {
            row.row_no: line
            for row in self._accepted_rows()
            if (line := apply_or_reject(row, partial(self._parse_line, row)))
        }
        headers = {
            row.row_no: header
            for row in self._accepted_rows()
            if (header := apply_or_reject(row, partial(self._parse_header, row)))
        }
        groups, returns = self._order_groups()
        customers = {group: self._match_customer(rows, changes) for group, rows in groups.items()}
        self._save_customers(changes)
        incoming = {
            group: order_rows.assemble_order(
                self.batch.source, customer.pk, headers[rows[0].row_no], [lines[row.row_no] for row in rows]
            )
            for group, rows in groups.items()
            if (customer := customers[group]) is not None and customer.pk is not None
        }
        for group, order in incoming.items():
            if refusal := order_rows.order_contradiction(order):
                reject_rows(groups[group], refusal)
        accepted = {group: order for group, order in incoming.items() if groups[group][0].outcome is None}
        stored = self._record_orders(accepted, groups)
        rows = order_refunds.OrderRows(groups, returns, headers, lines)
        order_refunds.record_refunds_of_rows(self.batch, rows, stored, self.at)

    def _order_groups(self) -> tuple[dict[int, list[StagedRow]], dict[int, list[StagedRow]]]:
        """The rows of each order, and those that give goods of it back.

        An order of two customers is rejected whole, for nobody can tell whose it is.
        """
        groups: dict[int, list[StagedRow]] = {}
        for row in self._accepted_rows():
            groups.setdefault(row.group, []).append(row)
        for rows in groups.values():
            if refusal := order_rows.customer_conflict([self.incoming[row.row_no] for row in rows]):
                reject_rows(rows, refusal)
        sales: dict[int, list[StagedRow]] = {}
        returns: dict[int, list[StagedRow]] = {}
        for row in self._accepted_rows():
            (returns if row.row_no in self.returned_rows else sales).setdefault(row.group, []).append(row)
        return sales, returns

    def _parse_line(self, row: StagedRow) -> IncomingOrderLine:
        return self._warned(row, partial(order_rows.parse_order_line, row.values, self.cell_format))

    def _parse_header(self, row: StagedRow) -> order_rows.OrderHeader:
        parse = partial(order_rows.parse_order_header, row.values, self.cell_format)
        return self._parse_once("header", ORDER_KEYS, row, partial(self._warned, row, parse))  # type: ignore[no-any-return]

    def _record_orders(
        self, incoming: dict[int, IncomingOrder], groups: dict[int, list[StagedRow]]
    ) -> dict[int, Order]:
        """The orders as they are stored now, by group."""
        recorded = orders.record_orders(
            orders=list(incoming.values()), at=self.at, live=self.batch.live, earn=bool(self.batch.options.get("earn"))
        )
        self.products_created = recorded.products_created
        for group, order in incoming.items():
            outcome: OrderOutcome = recorded.outcomes[order.source, order.number]
            for row in groups[group]:
                row.outcome = RowOutcome(outcome.value)
        return {group: recorded.orders[order.source, order.number] for group, order in incoming.items()}


def fill_order_cells(rows: Sequence[StagedRow], returned_rows: Collection[int] = ()) -> None:
    """Fill the order's own blank cells from the first of its rows that has them: shops write them in one row only.

    A row that gives goods back says nothing of the order, where others do.
    """
    sizes = Counter(row.group for row in rows)
    rows_to_fill = [row for row in rows if sizes[row.group] > 1]
    order_cells: dict[int, dict[str, str]] = {}
    for row in sorted(rows_to_fill, key=lambda row: row.row_no in returned_rows):
        cells = order_cells.setdefault(row.group, {})
        for key, cell in row.values.items():
            if key not in LINE_KEYS and cell.strip():
                cells.setdefault(key, cell)
    for row in rows_to_fill:
        own_cells = {key: cell for key, cell in row.values.items() if cell.strip() or key in LINE_KEYS}
        row.values = {**row.values, **order_cells[row.group], **own_cells}


def apply_or_reject(row: StagedRow, step: Callable[[], Any]) -> Any:
    """The result of the step, or None with the row rejected by column and reason."""
    try:
        return step()
    except RejectedCell as refusal:
        reject_rows([row], refusal)
    except orders.BadOrder as refusal:
        row.outcome, row.column, row.reason = (
            RowOutcome.REJECTED,
            refusal.field[:200],
            refusal.reason[:300],
        )
    return None
