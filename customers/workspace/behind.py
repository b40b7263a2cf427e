"""The numbers of orders and products that lead to a list of customers."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.orders import selectors as orders
from customers.orders.models import Product
from customers.workspace import sockets
from customers.workspace.sockets import BadDrilldownArguments, DrilldownSource


def _product(arguments: dict[str, str]) -> Product:
    found = Product.objects.filter(public_id=arguments.get("product", "").replace("\x00", "")).first()
    if found is None:
        raise BadDrilldownArguments(_("product: there is no such product"))
    return found


def product_buyers(arguments: dict[str, str], user: Any) -> QuerySet[Any]:
    return orders.buyer_ids_of_product(_product(arguments).public_id)


def product_returners(arguments: dict[str, str], user: Any) -> QuerySet[Any]:
    return orders.buyer_ids_of_product(_product(arguments).public_id, returned=True)


def register_drilldowns() -> None:
    """Plug the desk's own numbers in."""
    for key, label, ids in (
        ("product_buyers", lambda arguments: _("Bought %(name)s") % {"name": _product(arguments).name}, product_buyers),
        (
            "product_returns",
            lambda arguments: _("Money back for %(name)s") % {"name": _product(arguments).name},
            product_returners,
        ),
    ):
        sockets.drilldown_sources[key] = DrilldownSource(key, label, ids, "orders.view")
