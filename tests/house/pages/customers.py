"""The pages of customers."""

import secrets
from datetime import date
from decimal import Decimal
from typing import Any

from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.orders.models import ExchangeRate, Product
from tests.house.examples import customers as example
from tests.house.gallery import Page


def customer_of(owner: User) -> dict[str, Any]:
    return {"public_id": example.full_customer(owner).public_id}


def order_of(owner: User) -> dict[str, Any]:
    return {"public_id": example.order(owner).public_id}


def product_of(owner: User) -> dict[str, Any]:
    return {"public_id": example.order(owner).lines.get().product.public_id}


def more_products(owner: User, number: int) -> None:
    Product.objects.bulk_create(
        Product(sku=f"SKU-{secrets.token_hex(4)}", name=f"Tea {n}", category="Tea", created_at=clock.now())
        for n in range(number)
    )


def day_of(owner: User) -> dict[str, Any]:
    example.full_customer(owner)
    return {}


def foreign_orders(owner: User) -> list[Any]:
    """One currency with a rate, one without."""
    ExchangeRate.objects.create(currency="USD", day=date(2026, 1, 1), rate=Decimal("7.1"))
    for currency in ("USD", "JPY"):
        example.order(owner, currency=currency)
    return []


PAGES: list[Page] = [
    Page("customers:customer_list", more=example.more_customers),
    Page(
        "customers:customer_list",
        query="?quiet=60&tag=VIP&orders_min=1&cols=tags&cols=email&cols=spend",
        more=example.more_customers,
    ),
    Page("customers:customer", at=customer_of),
    Page("customers:customer_new"),
    Page("customers:customer_edit", at=customer_of),
    Page("customers:today", at=day_of),
    Page("customers:order_list", more=example.more_customers),
    Page("customers:order", at=order_of),
    Page("customers:rate_list", at=foreign_orders),
    Page("customers:product_list", more=more_products),
    Page("customers:product", at=product_of),
]
NOT_PAGES: dict[str, str] = {
    "customers:palette": "a fragment: what the palette finds",
    "customers:customer_filters": "a fragment: the filter dialog",
    "customers:view_save": "a fragment: a dialog",
    "customers:bulk_tag": "a fragment: a dialog",
    "customers:bulk_owner": "a fragment: a dialog",
    "customers:customer_timeline": "a fragment of the customer page",
    "customers:customer_profile": "a fragment of the customer page",
    "customers:customer_tasks": "a fragment of the customer page",
    "customers:task_new": "a fragment: a dialog",
    "customers:contact_add": "a fragment: a dialog",
    "customers:date_add": "a fragment: a dialog",
    "customers:external_id_add": "a fragment: a dialog",
    "customers:order_refund": "a fragment: a dialog",
}
