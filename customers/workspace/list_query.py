"""An address of the customer list, read once: filters, drill-down, sort, columns; the rows follow from it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from crm.kernel.auth import access
from crm.kernel.ui.listing.keyset import Listing
from customers.profiles.models import Customer
from customers.workspace import drilldown, list_columns, selectors
from customers.workspace.filters import CustomerFilter

MOST_COLUMNS = 30


class BadFilter(ValueError):
    """The address cannot be followed; the message names the parameter and says why."""


@dataclass(frozen=True)
class CustomerListQuery:
    """What of the customers is looked at, by whom and when."""

    form: CustomerFilter
    behind: drilldown.CustomerDrilldown | None
    sort: str
    columns: list[list_columns.CustomerColumn]
    user: Any
    now: datetime

    @cached_property
    def found(self) -> QuerySet[Customer]:
        """Read once: a search among them has already asked for its hits."""
        return selectors.filtered_customers(chosen=self.form.chosen, behind=self.behind, user=self.user, now=self.now)

    def listing(self) -> Listing:
        return selectors.customer_listing(self.found, self.sort)

    @cached_property
    def sees_contacts(self) -> bool:
        return access.has_permission(self.user, "customers.contact")

    def cells(self, row: Any) -> SafeString:
        """The cells of a row in their markup, contact data masked for who may not see it."""
        return mark_safe("".join(column.write(row, self.sees_contacts) for column in self.columns))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.form.chosen or self.behind)


def parse_list_query(params: QueryDict, user: Any, now: datetime) -> CustomerListQuery:
    """The address as a lens; BadFilter where a parameter makes no sense."""
    form = CustomerFilter(params)
    if not form.is_valid():
        raise BadFilter(form.wrong)
    try:
        behind = drilldown.resolve_drilldown({name: str(params[name]) for name in params}, user)
    except drilldown.BadDrilldownArguments as error:
        raise BadFilter(str(error)) from error
    keys = [key for part in params.getlist("cols")[:MOST_COLUMNS] for key in part.split(",")]
    return CustomerListQuery(form, behind, params.get("sort", ""), list_columns.chosen_columns(keys), user, now)
