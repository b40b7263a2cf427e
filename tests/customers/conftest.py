"""A till (a program with a key, the customer whom it names, the order that it sends), and files of orders to import."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from crm.kernel.api.models import ApiKey
from crm.kernel.api.scopes import SCOPES
from crm.kernel.api.services import create_api_key
from crm.kernel.time import clock
from customers.importing import execution, services
from customers.importing.models import Import

ORDER = {
    "source": "shop",
    "number": "A-1",
    "customer": "external:shop:C1",
    "placed_at": "2026-03-01T10:00:00+08:00",
    "currency": "CNY",
    "lines": [{"sku": "TEA", "quantity": "2", "unit_price": "10.50"}],
}


def client_with(user: Any, scopes: Any = SCOPES) -> tuple[APIClient, ApiKey]:
    """A program whose key holds these scopes, and the key."""
    key, secret = create_api_key(name="till", scopes=scopes, by=user)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client, key


@pytest.fixture
def api(make_user: Any) -> APIClient:
    """A till whose key may do everything."""
    return client_with(make_user())[0]


@pytest.fixture
def customer(make_customer: Any) -> Any:
    """Whom `ORDER` names."""
    return make_customer("林嘉怡", external_ids={"shop": "C1"})


ORDER_FILE_HEADER = "order id,order date,customer id,name,sku,quantity,sales\n"


def orders(count: int) -> str:
    """So many orders of one line each."""
    return ORDER_FILE_HEADER + "".join(
        f"O{n:04},2026-01-05,C{n % 7},Person {n % 7},A,1,{n + 1}\n" for n in range(count)
    )


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


@pytest.fixture
def chunks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Chunks of two orders; what is appended names the chunks that break, by their number."""
    breaking: list[int] = []
    apply, seen = execution.ImportChunk.apply, []

    def apply_or_break(self):
        seen.append(len(seen))
        if len(seen) in breaking:
            raise SoftTimeLimitExceeded
        apply(self)

    monkeypatch.setattr(execution, "GROUPS_PER_CHUNK", 2)
    monkeypatch.setattr(execution.ImportChunk, "apply", apply_or_break)
    return breaking


@pytest.fixture
def batch(take_orders: Callable[[int], Import]) -> Import:
    """An import of ten orders."""
    return take_orders(10)
