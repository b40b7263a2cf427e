"""A file of customers through the import, beside COPY of the very same rows into the same indexed table, and bulk_create.

Ours stages, validates, matches, and writes numbers, timeline and outcomes too; the others only fill the customers' table
with values that are already worked out.
"""

from pathlib import Path
from typing import Any

from crm.tools.bench import shop_files
from crm.tools.bench.aims import at_least_times
from crm.tools.bench.page_benchmarks import fetch_rows
from crm.tools.bench.repeated_import import BENCH_SOURCE, FilledTable, RepeatedImport
from crm.tools.bench.timing import WorkBenchmark
from customers.profiles.models import Customer

ROWS = 100_000
CUSTOMER_COLUMNS = [str(field.column) for field in Customer._meta.concrete_fields if field.column != "id"]
CUSTOMER_TABLE = FilledTable("customers_customer", CUSTOMER_COLUMNS, f"source = '{BENCH_SOURCE}'")
OTHER_TABLES = ("customers_externalid", "customers_timelineentry", "kernel_event")
CHECKSUM_SQL = f"""
SELECT count(*), sum(hashtext(concat_ws('|', display_name, email, phone, search_text, sort_key, birth_year, birth_month,
  birth_day, city, country, tags))::bigint)::text FROM customers_customer WHERE source = '{BENCH_SOURCE}'
"""


class CustomerFileImport(RepeatedImport):
    """Customers; bulk_create gets them as dictionaries, worked out by a first import."""

    values: list[dict[str, Any]]

    def look(self) -> None:
        names = [field.attname for field in Customer._meta.concrete_fields if field.attname != "id"]
        self.values = list(Customer.objects.filter(source=BENCH_SOURCE).order_by("pk").values(*names))

    def bulk_create(self) -> None:
        Customer.objects.bulk_create([Customer(**given) for given in self.values], batch_size=1000)
        self.undoing.commit()


def customer_import_benchmark() -> WorkBenchmark:
    """New customers from a file."""
    filed = _customer_import()
    return WorkBenchmark(
        "customer import",
        filed.run,
        filed.copy,
        each=ROWS,
        per_second=True,
        rounds=5,
        limit="indexed COPY",
        peers={"bulk_create": filed.bulk_create},
        aims={"indexed COPY": at_least_times(0.6), "bulk_create": at_least_times(1.3)},
        around=filed.around,
        prepare=filed.begin,
        proof=import_checksum,
    )


def repeated_customer_import_benchmark() -> WorkBenchmark:
    """The very same file again: every row is matched, and nothing changes."""
    filed = _customer_import()
    return WorkBenchmark(
        "customer import again",
        filed.run,
        filed.run,
        each=ROWS,
        per_second=True,
        rounds=5,
        limit="the first time",
        aims={"the first time": at_least_times(3)},
        around=filed.around,
        prepare=filed.begin_again,
        proof=import_checksum,
    )


def import_checksum() -> tuple[Any, ...]:
    """How many customers came of the file, and the sum over what they are."""
    return fetch_rows(CHECKSUM_SQL)[0]


def _customer_import() -> CustomerFileImport:
    return CustomerFileImport("customers", _write_file, [CUSTOMER_TABLE], OTHER_TABLES)


def _write_file(path: Path) -> Path:
    return shop_files.write_customers(path, ROWS)
