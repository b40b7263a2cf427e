"""A file of orders through the import, summaries and timeline kept right, beside COPY of the same orders and lines."""

from pathlib import Path
from typing import Any

from crm.tools.bench import shop_files
from crm.tools.bench.aims import at_least_times
from crm.tools.bench.page_benchmarks import fetch_rows
from crm.tools.bench.repeated_import import BENCH_SOURCE, FilledTable, RepeatedImport
from crm.tools.bench.timing import WorkBenchmark
from customers.orders.models import Order, OrderLine

ORDER_COUNT = 30_000
OTHER_TABLES = (
    "customers_customersummary", "customers_timelineentry", "customers_externalid", "kernel_event", "loyalty_pointsaccount",
    "loyalty_tiergrant", "customers_customerfact",
)  # fmt: skip
BUYERS_SQL = "SELECT 'B' || id, email FROM customers_customer WHERE source = 'bench' ORDER BY id DESC LIMIT 10000"
OF_FILE_SQL = f"source = '{BENCH_SOURCE}'"
CHECKSUM_SQL = f"""
SELECT count(*), sum(total)::text, sum(lines), sum(hashtext(number || placed_at)::bigint)::text
FROM (SELECT o.number, o.placed_at, o.total, (SELECT count(*) FROM customers_orderline l WHERE l.order_id = o.id) AS lines
      FROM customers_order o WHERE {OF_FILE_SQL}) t
"""


def order_import_benchmark() -> WorkBenchmark:
    """Orders of known customers, three lines each, as history."""
    filed = RepeatedImport(
        "orders",
        _write_file,
        [_filled_table(Order, OF_FILE_SQL), _filled_table(OrderLine, _LINES_OF_FILE_SQL)],
        OTHER_TABLES,
    )
    return WorkBenchmark(
        "order import",
        filed.run,
        filed.copy,
        each=ORDER_COUNT * shop_files.LINES_EACH,
        per_second=True,
        rounds=5,
        limit="indexed COPY",
        aims={"indexed COPY": at_least_times(0.3)},
        around=filed.around,
        prepare=filed.begin,
        proof=lambda: fetch_rows(CHECKSUM_SQL)[0],
    )


_LINES_OF_FILE_SQL = f"order_id IN (SELECT id FROM customers_order WHERE {OF_FILE_SQL})"


def _filled_table(model: Any, where: str) -> FilledTable:
    return FilledTable(model._meta.db_table, [str(field.column) for field in model._meta.concrete_fields], where)


def _write_file(path: Path) -> Path:
    return shop_files.write_orders(path, ORDER_COUNT, fetch_rows(BUYERS_SQL))
