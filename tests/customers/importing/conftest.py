"""Files of orders, taken up or on the disk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from crm.kernel.time import clock
from customers.importing import services
from customers.importing.models import Import

COLUMNS = "order id,order date,customer id,name,sku,quantity,sales\n"


def orders(count: int) -> str:
    """So many orders of one line each."""
    return COLUMNS + "".join(f"O{n:04},2026-01-05,C{n % 7},Person {n % 7},A,1,{n + 1}\n" for n in range(count))


@pytest.fixture
def take_orders(db: None) -> Callable[[int], Import]:
    """An import of so many orders, taken up."""
    return lambda count: services.create_import(
        file=ContentFile(orders(count).encode()), name="orders.csv", kind="orders", at=clock.now()
    )


@pytest.fixture
def orders_file(db: None, tmp_path: Path) -> Callable[[int], Path]:
    """A file of so many orders."""

    def write(count: int) -> Path:
        path = tmp_path / "orders.csv"
        path.write_text(orders(count))
        return path

    return write
