"""The command palette and quick search: customers, orders, and what upper apps find."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from customers.workspace import selectors, sockets


@access.require_login
@require_safe
def palette(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Customers by name, pinyin, phone, e-mail and numbers, and orders by number; the newest customers where nothing is typed."""
    query = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    customers = (
        selectors.palette_customers(query, request.user)
        if access.has_permission(request.user, "customers.view")
        else []
    )
    orders = selectors.palette_orders(query, request.user) if access.has_permission(request.user, "orders.view") else []
    finders = [
        finder for finder in sockets.palette_finders if query and access.has_permission(request.user, finder.permission)
    ]
    other_hits = [(finder.label, hits) for finder in finders if (hits := finder.find(query, request.user))]
    context = {"customers": customers, "orders": orders, "other_hits": other_hits, "query": query}
    return render(request, "customers/workspace/palette.html", context)
