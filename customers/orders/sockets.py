"""Sockets of the order page and of the product page; only `crm/config/composition.py` fills them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from customers.orders.models import Order, Product


@dataclass(frozen=True)
class OrderPanel:
    """A part of the order page: points earned, coupons used. `load` gives the template's context, or None."""

    key: str
    title: Any
    template: str
    load: Callable[[Order, Any], dict[str, Any] | None]
    order: int = 50
    permission: str = "orders.view"


@dataclass(frozen=True)
class ProductPanel:
    """A part of the product page: its tickets, its satisfaction. `load` gives the template's context, or None."""

    key: str
    title: Any
    template: str
    load: Callable[[Product, Any], dict[str, Any] | None]
    order: int = 50
    permission: str = "orders.view"


order_panels: list[OrderPanel] = []
product_panels: list[ProductPanel] = []
