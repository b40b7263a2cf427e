"""From a number to the customers behind it: `?behind=<key>&…` is resolved by the source that is registered for the key."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.auth import access
from crm.kernel.auth.models import User
from customers.orders import selectors as orders
from customers.orders.models import Product
from customers.workspace import sockets
from customers.workspace.sockets import BadDrilldownArguments, DrilldownSource

LIST_PARAMETERS = {"behind", "sort", "cursor", "cols", "q", "view"}


@dataclass(frozen=True)
class CustomerDrilldown:
    """The customers behind one number: a label, their ids as a queryset, and the parameters that name them."""

    label: str
    ids: Any
    names: tuple[str, ...]


def drilldown_url(user: User, key: str, **arguments: Any) -> str:
    """The address of the customers behind a number that counts all customers.

    Empty for who may see no customers or only some: the list must hold as many customers as the number says.
    """
    if not access.may_see_all_records(user, "customers.view"):
        return ""
    return f"{reverse('customers:customer_list')}?{urlencode({'behind': key, **arguments})}"


def resolve_drilldown(params: dict[str, str], user: User) -> CustomerDrilldown | None:
    """The drill-down that an address asks for, if any; BadDrilldownArguments names what is wrong with it."""
    key = params.get("behind", "")
    if not key:
        return None
    source = sockets.drilldown_sources.get(key)
    if source is None or not access.has_permission(user, source.permission):
        raise BadDrilldownArguments(_("behind: there is no number called “%(key)s”") % {"key": key[:40]})
    arguments = {name: value for name, value in params.items() if name not in LIST_PARAMETERS}
    return CustomerDrilldown(source.label(arguments), source.ids(arguments, user), ("behind", *arguments))


def product_buyers(arguments: dict[str, str], user: User) -> QuerySet[Any]:
    """Ids of the customers who bought a product."""
    return orders.buyer_ids_of_product(_product(arguments).public_id)


def product_returners(arguments: dict[str, str], user: User) -> QuerySet[Any]:
    """Ids of the customers who got money back for a product."""
    return orders.buyer_ids_of_product(_product(arguments).public_id, returned=True)


def _product(arguments: dict[str, str]) -> Product:
    product = Product.objects.filter(public_id=arguments.get("product", "").replace("\x00", "")).first()
    if product is None:
        raise BadDrilldownArguments(_("product: there is no such product"))
    return product


BUYERS_DRILLDOWN = DrilldownSource(
    "product_buyers",
    lambda arguments: _("Bought %(name)s") % {"name": _product(arguments).name},
    product_buyers,
    "orders.view",
)
RETURNERS_DRILLDOWN = DrilldownSource(
    "product_returns",
    lambda arguments: _("Money back for %(name)s") % {"name": _product(arguments).name},
    product_returners,
    "orders.view",
)
