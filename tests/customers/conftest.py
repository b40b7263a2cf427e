"""A till: a program with a key, the customer whom it names, and the order that it sends."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from crm.kernel.api.models import ApiKey
from crm.kernel.api.scopes import SCOPES
from crm.kernel.api.services import create_api_key

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
