"""The customer list and the dialog of its filters."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.auth.choices import RecordScope
from crm.kernel.http import htmx, query_strings
from crm.kernel.time import clock
from crm.kernel.ui.listing.cursors import BadCursor
from crm.kernel.ui.listing.keyset import COUNT_LIMIT, ListPage, count_up_to_limit, format_count
from crm.kernel.ui.listing.selectors import saved_view_tabs
from customers.workspace import list_columns, list_query, selectors
from customers.workspace.forms import FilterDialogForm
from customers.workspace.list_query import BadFilter, CustomerListQuery


@access.require_permissions("customers.view")
@require_safe
def customer_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The customers, searched, filtered and sorted as the address says; with htmx only the table."""
    try:
        query = list_query.parse_list_query(request.GET, request.user, clock.now())
        page = query.listing().get_page(query.sort, request.GET.get("cursor"))
    except (BadFilter, BadCursor) as error:
        return bad_address_page(request, str(error))
    context = _table_context(request, query, page)
    if not htmx.is_htmx(request):
        context |= _frame_context(request, query, page, context["is_exact"])
    return htmx.render_page_or_partial(request, "customers/workspace/customer_list.html", context, partial="rows")


def bad_address_page(request: AuthenticatedHttpRequest, message: str) -> HttpResponse:
    """400 with what is wrong with the address, and a link to the whole list."""
    context = {"message": message, "back": reverse("customers:customer_list")}
    return htmx.add_toast(render(request, "customers/bad_address.html", context, status=400), message, kind="bad")


def _table_context(request: AuthenticatedHttpRequest, query: CustomerListQuery, page: ListPage) -> dict[str, Any]:
    count = _customer_count(query, page)
    return {
        "page": page,
        "swap": "#list",
        "columns": query.columns,
        "rows": [(row, list_columns.name_language(row), query.row_cells(row)) for row in page.rows],
        "is_exact": bool(query.drilldown) or count <= COUNT_LIMIT,
        "count_text": f"{count:,}" if query.drilldown else format_count(count),
        "is_filtered": query.is_filtered,
        "state": query_strings.query_without(request, "cursor"),
    }


def _customer_count(query: CustomerListQuery, page: ListPage) -> int:
    """Behind a number exactly, else up to 1,001; no query where the page holds them all."""
    if page.is_only_page:
        return len(page.rows)
    return query.customers.count() if query.drilldown else count_up_to_limit(query.customers)


def _owner_name(page: ListPage) -> str:
    return next((row.owner.name for row in page.rows if row.owner), "")


def _frame_context(
    request: AuthenticatedHttpRequest, query: CustomerListQuery, page: ListPage, is_exact: bool
) -> dict[str, Any]:
    lists_all = not is_exact and not query.is_filtered and request.user.scope == RecordScope.ALL
    return {
        "estimate": selectors.estimated_customer_count() if lists_all else None,
        "chips": query.form.chips(_owner_name(page)),
        "drilldown": query.drilldown,
        "q": request.GET.get("q", ""),
        "search_fields": [
            (name, value) for name, value in query_strings.query_pairs(request) if name not in ("q", "cursor")
        ],
        "column_choices": [(column, column in query.columns) for column in list_columns.all_columns()],
        "column_fields": [
            (name, value) for name, value in query_strings.query_pairs(request) if name not in ("cols", "cursor")
        ],
        "tabs": saved_view_tabs(listing="customers", user=request.user, current=request.GET.get("view", "")),
    }


@access.require_permissions("customers.view")
@require_safe
def customer_filters(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The filter dialog with the filters that the address sets."""
    hidden_fields = [
        (name, value) for name, value in query_strings.query_pairs(request) if name in ("q", "sort", "cols", "view")
    ]
    return render(
        request,
        "customers/workspace/customer_filters.html",
        {"form": FilterDialogForm(request.GET), "hidden_fields": hidden_fields},
    )
