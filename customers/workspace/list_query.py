"""An address of the customer list, read once: filters, drill-down, sort, columns; the rows follow from it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.ui.listing.keyset import Listing
from customers.profiles.models import Customer
from customers.workspace import list_columns, selectors
from customers.workspace.drilldown import BadDrilldownArguments, CustomerDrilldown, resolve_drilldown
from customers.workspace.filters import CustomerFilter

MOST_COLUMNS = 30


class BadFilter(ValueError):
    """A parameter of the address makes no sense; the message names it and says why."""


@dataclass(frozen=True)
class CustomerListQuery:
    """Filters, drill-down, sort and columns of a customer list, and who asks for it at which instant."""

    form: CustomerFilter
    drilldown: CustomerDrilldown | None
    sort: str
    columns: list[list_columns.CustomerColumn]
    user: User
    now: datetime

    @cached_property
    def customers(self) -> QuerySet[Customer]:
        """The customers that match; made once, since a search has already queried its hits."""
        return selectors.filtered_customers(
            chosen=self.form.chosen, drilldown=self.drilldown, user=self.user, now=self.now
        )

    def listing(self) -> Listing:
        """The pages of the list, in its sort."""
        return selectors.customer_listing(self.customers, self.sort)

    @cached_property
    def sees_contacts(self) -> bool:
        return access.has_permission(self.user, "customers.contact")

    def row_cells(self, row: Any) -> SafeString:
        """The cells of a row as markup, contact data masked for who may not see it."""
        return mark_safe("".join(column.td_markup(row, self.sees_contacts) for column in self.columns))

    @property
    def is_filtered(self) -> bool:
        return bool(self.form.chosen or self.drilldown)


def parse_list_query(params: QueryDict, user: User, now: datetime) -> CustomerListQuery:
    """The query that an address states; BadFilter where a parameter makes no sense."""
    form = CustomerFilter(params)
    if not form.is_valid():
        raise BadFilter(form.first_error)
    try:
        drilldown = resolve_drilldown({name: str(params[name]) for name in params}, user)
    except BadDrilldownArguments as error:
        raise BadFilter(str(error)) from error
    keys = [key for part in params.getlist("cols")[:MOST_COLUMNS] for key in part.split(",")]
    return CustomerListQuery(form, drilldown, params.get("sort", ""), list_columns.chosen_columns(keys), user, now)
