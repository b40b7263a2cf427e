"""The numbers of orders and products that lead to a list of customers."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.orders import selectors as orders
from customers.orders.models import Product
from customers.workspace import sockets
from customers.workspace.sockets import BadArguments, Behind


def _product(arguments: dict[str, str]) -> Product:
    found = Product.objects.filter(public_id=arguments.get("product", "").replace("\x00", "")).first()
    if found is None:
        raise BadArguments(_("product: there is no such product"))
    return found


def buyers(arguments: dict[str, str], user: Any) -> QuerySet[Any]:
    return orders.buyers_of(_product(arguments).public_id)


def returners(arguments: dict[str, str], user: Any) -> QuerySet[Any]:
    return orders.buyers_of(_product(arguments).public_id, returned=True)


def offer() -> None:
    """Plug the desk's own numbers in."""
    for key, label, ids in (
        ("product_buyers", lambda arguments: _("Bought %(name)s") % {"name": _product(arguments).name}, buyers),
        (
            "product_returns",
            lambda arguments: _("Money back for %(name)s") % {"name": _product(arguments).name},
            returners,
        ),
    ):
        sockets.behind[key] = Behind(key, label, ids, "orders.view")
