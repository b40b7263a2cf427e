"""A file of customers through the import, beside COPY of the very same rows into the same indexed table, and bulk_create.

Ours stages, validates, matches, and writes numbers, timeline and outcomes too; the others only fill the customers' table
with values that are already worked out.
"""

from pathlib import Path
from typing import Any

from crm.tools.bench import shop_files
from crm.tools.bench.aims import at_least
from crm.tools.bench.page_benchmarks import rows
from crm.tools.bench.repeated_import import SOURCE, Filed, Table
from crm.tools.bench.timing import Piece
from customers.profiles.models import Customer

ROWS = 100_000
COLUMNS = [str(field.column) for field in Customer._meta.concrete_fields if field.column != "id"]
PEOPLE = Table("customers_customer", COLUMNS, f"source = '{SOURCE}'")
ALSO = ("customers_externalid", "customers_timelineentry", "kernel_event")
PROOF = f"""
SELECT count(*), sum(hashtext(concat_ws('|', display_name, email, phone, search_text, sort_key, birth_year, birth_month,
  birth_day, city, country, tags))::bigint)::text FROM customers_customer WHERE source = '{SOURCE}'
"""


class People(Filed):
    """Customers; bulk_create gets them as dictionaries, worked out by a first import."""

    values: list[dict[str, Any]]

    def look(self) -> None:
        names = [field.attname for field in Customer._meta.concrete_fields if field.attname != "id"]
        self.values = list(Customer.objects.filter(source=SOURCE).order_by("pk").values(*names))

    def bulk_create(self) -> None:
        Customer.objects.bulk_create([Customer(**given) for given in self.values], batch_size=1000)
        self.undoing.commit()


def customers() -> Piece:
    """New customers from a file."""
    filed = _people()
    return Piece(
        "customer import",
        filed.run,
        filed.copy,
        each=ROWS,
        per_second=True,
        rounds=5,
        limit="indexed COPY",
        peers={"bulk_create": filed.bulk_create},
        aims={"indexed COPY": at_least(0.6), "bulk_create": at_least(1.3)},
        around=filed.around,
        prepare=filed.begin,
        proof=proof,
    )


def customers_again() -> Piece:
    """The very same file again: every row is matched, and nothing changes."""
    filed = _people()
    return Piece(
        "customer import again",
        filed.run,
        filed.run,
        each=ROWS,
        per_second=True,
        rounds=5,
        limit="the first time",
        aims={"the first time": at_least(3)},
        around=filed.around,
        prepare=filed.begin_again,
        proof=proof,
    )


def proof() -> tuple[Any, ...]:
    """How many customers came of the file, and the sum over what they are."""
    return rows(PROOF)[0]


def _people() -> People:
    return People("customers", _write, [PEOPLE], ALSO)


def _write(path: Path) -> Path:
    return shop_files.customers(path, ROWS)
