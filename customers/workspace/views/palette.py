"""What the command palette and quick search find: people, orders, and what upper apps offer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from customers.workspace import selectors, sockets


@access.require_login
@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """People by name, pinyin, phone, e-mail and numbers, and orders by number; the newest people where nothing is typed."""
    query = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    people = (
        selectors.palette_customers(query, request.user)
        if access.has_permission(request.user, "customers.view")
        else []
    )
    orders = selectors.palette_orders(query, request.user) if access.has_permission(request.user, "orders.view") else []
    offered = [
        each for each in sockets.palette_finders if query and access.has_permission(request.user, each.permission)
    ]
    others = [(each.label, hits) for each in offered if (hits := each.find(query, request.user))]
    context = {"people": people, "orders": orders, "others": others, "query": query}
    return render(request, "customers/workspace/palette.html", context)
