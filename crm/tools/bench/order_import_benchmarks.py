"""A file of orders through the import, summaries and timeline kept right, beside COPY of the same orders and lines."""

from pathlib import Path
from typing import Any

from crm.tools.bench import shop_files
from crm.tools.bench.aims import at_least
from crm.tools.bench.page_benchmarks import rows
from crm.tools.bench.repeated_import import SOURCE, Filed, Table
from crm.tools.bench.timing import Piece
from customers.orders.models import Order, OrderLine

ORDERS = 30_000
ALSO = (
    "customers_customersummary", "customers_timelineentry", "customers_externalid", "kernel_event", "loyalty_pointsaccount",
    "loyalty_tiergrant", "customers_customerfact",
)  # fmt: skip
BUYERS = "SELECT 'B' || id, email FROM customers_customer WHERE source = 'bench' ORDER BY id DESC LIMIT 10000"
OF_FILE = f"source = '{SOURCE}'"
PROOF = f"""
SELECT count(*), sum(total)::text, sum(lines), sum(hashtext(number || placed_at)::bigint)::text
FROM (SELECT o.number, o.placed_at, o.total, (SELECT count(*) FROM customers_orderline l WHERE l.order_id = o.id) AS lines
      FROM customers_order o WHERE {OF_FILE}) t
"""


def orders() -> Piece:
    """Orders of known customers, three lines each, as history."""
    filed = Filed("orders", _write, [_table(Order, OF_FILE), _table(OrderLine, _LINES)], ALSO)
    return Piece(
        "order import",
        filed.run,
        filed.copy,
        each=ORDERS * shop_files.LINES_EACH,
        per_second=True,
        rounds=5,
        limit="indexed COPY",
        aims={"indexed COPY": at_least(0.3)},
        around=filed.around,
        prepare=filed.begin,
        proof=lambda: rows(PROOF)[0],
    )


_LINES = f"order_id IN (SELECT id FROM customers_order WHERE {OF_FILE})"


def _table(model: Any, where: str) -> Table:
    return Table(model._meta.db_table, [str(field.column) for field in model._meta.concrete_fields], where)


def _write(path: Path) -> Path:
    return shop_files.orders(path, ORDERS, rows(BUYERS))
