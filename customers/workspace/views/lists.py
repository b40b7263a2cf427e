"""The customer list and the dialog of its filters."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.auth.choices import RecordScope
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing.cursors import BadCursor
from crm.kernel.ui.listing.keyset import COUNT_LIMIT, ListPage, count_up_to_limit, format_count
from crm.kernel.ui.listing.selectors import saved_view_tabs
from customers.workspace import list_columns, list_query, selectors
from customers.workspace.forms import FilterDialogForm
from customers.workspace.list_query import BadFilter, CustomerListQuery


@access.require_permissions("customers.view")
@require_safe
def customer_list(request: HttpRequest) -> HttpResponse:
    """The customers, searched, narrowed and sorted as the address says; with htmx only the table."""
    try:
        seen = list_query.parse_list_query(request.GET, request.user, clock.now())
        page = seen.listing().page(seen.sort, request.GET.get("cursor"))
    except (BadFilter, BadCursor) as error:
        return bad_address_page(request, str(error))
    context = _table_context(request, seen, page)
    if not htmx.is_htmx(request):
        context |= _frame_context(request, seen, page, context["counted"])
    return htmx.render_page_or_partial(request, "customers/workspace/customer_list.html", context, partial="rows")


def bad_address_page(request: HttpRequest, message: str) -> HttpResponse:
    """An address that cannot be followed: 400 with the reason, and the way back to the whole list."""
    context = {"message": message, "back": reverse("customers:customer_list")}
    return htmx.add_toast(render(request, "customers/bad_address.html", context, status=400), message, kind="bad")


def _table_context(request: HttpRequest, seen: CustomerListQuery, page: ListPage) -> dict[str, Any]:
    count = _customer_count(seen, page)
    return {
        "page": page,
        "swap": "#list",
        "columns": seen.columns,
        "rows": [(row, list_columns.name_language(row), seen.cells(row)) for row in page.rows],
        "counted": bool(seen.behind) or count <= COUNT_LIMIT,
        "count_text": f"{count:,}" if seen.behind else format_count(count),
        "narrowed": seen.is_narrowed,
        "state": htmx.query_without(request, "cursor"),
    }


def _customer_count(seen: CustomerListQuery, page: ListPage) -> int:
    """Behind a number exactly, else up to 1,001; no query where the page holds them all."""
    if page.is_whole:
        return len(page.rows)
    return seen.found.count() if seen.behind else count_up_to_limit(seen.found)


def _owner_name(page: ListPage) -> str:
    return next((row.owner.name for row in page.rows if row.owner), "")


def _frame_context(request: HttpRequest, seen: CustomerListQuery, page: ListPage, counted: bool) -> dict[str, Any]:
    everybody = not counted and not seen.is_narrowed and request.user.scope == RecordScope.ALL
    return {
        "estimate": selectors.estimated_customer_count() if everybody else None,
        "chips": seen.form.chips(_owner_name(page)),
        "behind": seen.behind,
        "q": request.GET.get("q", ""),
        "kept": [(name, value) for name, value in htmx.query_pairs(request) if name not in ("q", "cursor")],
        "every_column": [(column, column in seen.columns) for column in list_columns.all_columns()],
        "not_columns": [(name, value) for name, value in htmx.query_pairs(request) if name not in ("cols", "cursor")],
        "tabs": saved_view_tabs(listing="customers", user=request.user, current=request.GET.get("view", "")),
    }


@access.require_permissions("customers.view")
@require_safe
def customer_filters(request: HttpRequest) -> HttpResponse:
    """The filter dialog with what the address has set already."""
    kept = [(name, value) for name, value in htmx.query_pairs(request) if name in ("q", "sort", "cols", "view")]
    return render(
        request, "customers/workspace/customer_filters.html", {"form": FilterDialogForm(request.GET), "kept": kept}
    )
