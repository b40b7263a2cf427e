"""An address of the customer list, read once: filters, drill-down, sort, columns; the rows follow from it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from crm.kernel.auth import access
from crm.kernel.ui.listing import Listing
from customers.profiles.models import Customer
from customers.workspace import drilldown, list_columns, selectors
from customers.workspace.filters import CustomerFilter

MOST_COLUMNS = 30


class BadFilter(ValueError):
    """The address cannot be followed; the message names the parameter and says why."""


@dataclass(frozen=True)
class Lens:
    """What of the customers is looked at, by whom and when."""

    form: CustomerFilter
    behind: drilldown.Drill | None
    sort: str
    columns: list[list_columns.Column]
    user: Any
    now: datetime

    @cached_property
    def found(self) -> QuerySet[Customer]:
        """Read once: a search among them has already asked for its hits."""
        return selectors.customers(chosen=self.form.chosen, behind=self.behind, user=self.user, now=self.now)

    def listing(self) -> Listing:
        return selectors.listing(self.found, self.sort)

    @cached_property
    def sees_contacts(self) -> bool:
        return access.may(self.user, "customers.contact")

    def cells(self, row: Any) -> SafeString:
        """The cells of a row in their markup, contact data masked for who may not see it."""
        return mark_safe("".join(column.write(row, self.sees_contacts) for column in self.columns))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.form.chosen or self.behind)


def read(params: QueryDict, user: Any, now: datetime) -> Lens:
    """The address as a lens; BadFilter where a parameter makes no sense."""
    form = CustomerFilter(params)
    if not form.is_valid():
        raise BadFilter(form.wrong)
    try:
        behind = drilldown.resolve({name: str(params[name]) for name in params}, user)
    except drilldown.BadArguments as error:
        raise BadFilter(str(error)) from error
    keys = [key for part in params.getlist("cols")[:MOST_COLUMNS] for key in part.split(",")]
    return Lens(form, behind, params.get("sort", ""), list_columns.chosen(keys), user, now)
