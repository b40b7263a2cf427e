"""The customer list and the dialog of its filters."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.kernel import access, clock, http
from crm.kernel.listing import COUNT_TO, Page, count_text, first_thousand
from crm.kernel.listing.rules import BadCursor
from crm.kernel.listing.selectors import tabs
from crm.kernel.people.choices import Scope
from customers.desk import columns, lens, selectors
from customers.desk.forms import FilterDialog
from customers.desk.lens import BadFilter, Lens


@access.require("customers.view")
@require_safe
def customer_list(request: HttpRequest) -> HttpResponse:
    """The customers, searched, narrowed and sorted as the address says; with htmx only the table."""
    try:
        seen = lens.read(request.GET, request.user, clock.now())
        page = seen.listing().page(seen.sort, request.GET.get("cursor"))
    except (BadFilter, BadCursor) as error:
        return refuse(request, str(error))
    context = _table(request, seen, page)
    if not http.is_htmx(request):
        context |= _frame(request, seen, page, context["counted"])
    return http.render(request, "customers/desk/customer_list.html", context, partial="rows")


def refuse(request: HttpRequest, message: str) -> HttpResponse:
    """An address that cannot be followed: 400 with the reason, and the way back to the whole list."""
    context = {"message": message, "back": reverse("customers:customer_list")}
    return http.toast(render(request, "customers/bad_address.html", context, status=400), message, kind="bad")


def _table(request: HttpRequest, seen: Lens, page: Page) -> dict[str, Any]:
    count = _count(seen, page)
    return {
        "page": page,
        "swap": "#list",
        "columns": seen.columns,
        "rows": [(row, columns.lang(row), seen.cells(row)) for row in page.rows],
        "counted": bool(seen.behind) or count <= COUNT_TO,
        "count_text": f"{count:,}" if seen.behind else count_text(count),
        "narrowed": seen.is_narrowed,
        "state": http.query_without(request, "cursor"),
    }


def _count(seen: Lens, page: Page) -> int:
    """Behind a number exactly, else up to 1,001; no query where the page holds them all."""
    if page.is_whole:
        return len(page.rows)
    return seen.found.count() if seen.behind else first_thousand(seen.found)


def _owner_name(page: Page) -> str:
    return next((row.owner.name for row in page.rows if row.owner), "")


def _frame(request: HttpRequest, seen: Lens, page: Page, counted: bool) -> dict[str, Any]:
    everybody = not counted and not seen.is_narrowed and request.user.scope == Scope.ALL
    return {
        "estimate": selectors.estimated() if everybody else None,
        "chips": seen.form.chips(_owner_name(page)),
        "behind": seen.behind,
        "q": request.GET.get("q", ""),
        "kept": [(name, value) for name, value in http.pairs(request) if name not in ("q", "cursor")],
        "every_column": [(column, column in seen.columns) for column in columns.every()],
        "not_columns": [(name, value) for name, value in http.pairs(request) if name not in ("cols", "cursor")],
        "tabs": tabs(listing="customers", user=request.user, current=request.GET.get("view", "")),
    }


@access.require("customers.view")
@require_safe
def customer_filters(request: HttpRequest) -> HttpResponse:
    """The filter dialog with what the address has set already."""
    kept = [(name, value) for name, value in http.pairs(request) if name in ("q", "sort", "cols", "view")]
    return render(request, "customers/desk/customer_filters.html", {"form": FilterDialog(request.GET), "kept": kept})
