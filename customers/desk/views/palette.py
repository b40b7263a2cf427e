"""What the command palette and quick search find: people and orders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.kernel import access
from customers.desk import selectors


@access.signed_in
@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """People by name, pinyin, phone, e-mail and numbers, and orders by number; the newest people where nothing is typed."""
    query = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    people = selectors.palette_people(query, request.user) if access.may(request.user, "customers.view") else []
    orders = selectors.palette_orders(query, request.user) if access.may(request.user, "orders.view") else []
    return render(request, "customers/desk/palette.html", {"people": people, "orders": orders, "query": query})
