"""From a number to the people behind it: `?behind=<key>&…` is resolved by whoever offered the key."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.auth import access
from customers.workspace import sockets
from customers.workspace.sockets import BadDrilldownArguments

LIST_PARAMETERS = {"behind", "sort", "cursor", "cols", "q", "view"}


@dataclass(frozen=True)
class CustomerDrilldown:
    """The customers behind one number: in words, and their ids as a queryset or SQL."""

    label: str
    ids: Any
    names: tuple[str, ...]


def drilldown_url(user: Any, key: str, **arguments: Any) -> str:
    """The address of the customers behind a number that counts everybody.

    Empty for who may see no customers or only some: the list must hold as many people as the number says.
    """
    if not access.may_see_all_records(user, "customers.view"):
        return ""
    return f"{reverse('customers:customer_list')}?{urlencode({'behind': key, **arguments})}"


def resolve_drilldown(params: dict[str, str], user: Any) -> CustomerDrilldown | None:
    """The drill-down that an address asks for, if any; BadArguments names what is wrong with it."""
    key = params.get("behind", "")
    if not key:
        return None
    offered = sockets.drilldown_sources.get(key)
    if offered is None or not access.has_permission(user, offered.permission):
        raise BadDrilldownArguments(_("behind: there is no number called “%(key)s”") % {"key": key[:40]})
    arguments = {name: value for name, value in params.items() if name not in LIST_PARAMETERS}
    return CustomerDrilldown(offered.label(arguments), offered.ids(arguments, user), ("behind", *arguments))
