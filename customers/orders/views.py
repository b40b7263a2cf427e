"""Pages of orders, products and exchange rates."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.kernel import company
from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing.cursors import BadCursor
from crm.kernel.ui.listing.keyset import Listing, format_count
from customers.orders import exchange_rates, product_sales, selectors, services, sockets
from customers.orders.choices import COUNTING_STATUSES, OrderStatus
from customers.orders.forms import ExchangeRateForm, OrderFilter, RefundForm
from customers.orders.models import Order, Product
from customers.orders.sockets import OrderPanel, ProductPanel

HIDDEN_FILTERS = ("customer", "product")


@access.require_permissions("orders.view")
@require_safe
def order_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The orders, newest first, filtered as the address says; with htmx only the table."""
    form = OrderFilter(request.GET)
    if not form.is_valid():
        return _render_bad_address(request, form.first_error_text)
    listing = Listing(
        selectors.visible_orders(chosen=form.chosen_filters, user=request.user),
        selectors.ORDER_SORTS,
        default="-placed",
    )
    try:
        page = listing.get_page(request.GET.get("sort"), request.GET.get("cursor"))
    except BadCursor as error:
        return _render_bad_address(request, str(error))
    context = {
        "page": page,
        "swap": "#list",
        "count_text": format_count(listing.count_rows(page)),
        "narrowed": bool(form.chosen_filters),
    }
    if not htmx.is_htmx(request):
        context |= {
            "form": form.with_choices(),
            "kept": [(name, form.chosen_filters[name]) for name in HIDDEN_FILTERS if name in form.chosen_filters],
            "kept_names": HIDDEN_FILTERS,
        }
    return htmx.render_page_or_partial(request, "customers/orders/order_list.html", context, partial="rows")


@access.require_permissions("orders.view")
@require_safe
def order(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """An order with its lines, refunds, and the panels of other apps."""
    order = _get_order_or_404(request, public_id)
    context = {
        "order": order,
        "lines": selectors.order_lines(order),
        "refunds": selectors.order_refunds(order),
        "left": order.refundable_amount,
        "stands": order.status != OrderStatus.CANCELLED,
        "unpaid": order.status == OrderStatus.PLACED,
        "waits_for_rate": order.status in COUNTING_STATUSES and not order.rate_is_known,
        "panels": _render_panels(request, sockets.order_panels, order, "order"),
    }
    return render(request, "customers/orders/order.html", context)


@access.require_permissions("orders.view", "orders.edit")
@require_http_methods(["GET", "POST"])
def order_refund(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Record a refund; sent twice it counts once."""
    order = _get_order_or_404(request, public_id)
    lines = selectors.order_lines(order)
    initial = {"source_ref": f"staff-{secrets.token_hex(8)}"}
    form = RefundForm(request.POST or None, order=order, lines=lines, initial=initial)
    if request.method == "GET" or not form.is_valid():
        return _render_refund_form(request, form, order)
    try:
        services.record_refund(order=order, at=clock.now(), by=request.user, **form.cleaned_data)
    except services.BadOrder as error:
        form.add_error("amount", error.reason)
        return _render_refund_form(request, form, order)
    except services.RefundRefused as error:
        form.add_error("amount", str(error))
        return _render_refund_form(request, form, order)
    htmx.add_next_page_toast(request, _("Refund recorded."))
    return htmx.redirect_to(request, reverse("customers:order", args=[public_id]))


@access.require_permissions("orders.view", "orders.edit")
@require_POST
def order_cancel(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The order counts no more."""
    services.cancel_order(order=_get_order_or_404(request, public_id), at=clock.now(), by=request.user)
    htmx.add_next_page_toast(request, _("Order cancelled."))
    return htmx.redirect_to(request, reverse("customers:order", args=[public_id]))


@access.require_permissions("settings.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def rate_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The exchange rates, the orders that wait for one, and a form for a new one."""
    form = ExchangeRateForm(
        request.POST if request.method == "POST" else None,
        initial={"day": clock.today(company.get_company().time_zone)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            job = exchange_rates.store_rate(by=request.user, **form.cleaned_data)
        except exchange_rates.BadRate as refusal:
            field, _colon, reason = str(refusal).partition(": ")
            form.add_error(field, reason)
        else:
            htmx.add_next_page_toast(request, _("Rate stored. Orders are valued anew."))
            return htmx.redirect_to(request, reverse("kernel:job", args=[job.public_id]))
    context = {
        "form": form,
        "rates": exchange_rates.stored_rates()[:200],
        "missing": exchange_rates.missing_rates(),
        "base": company.get_company().base_currency,
    }
    return render(request, "customers/orders/rate_list.html", context, status=422 if form.errors else 200)


@access.require_permissions("orders.view")
@require_safe
def product_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The products by name; with htmx only the table."""
    q, category = (request.GET.get(name, "").replace("\x00", "").strip()[:120] for name in ("q", "category"))
    listing = Listing(selectors.matching_products(q, category), selectors.PRODUCT_SORTS, default="name")
    try:
        page = listing.get_page(request.GET.get("sort"), request.GET.get("cursor"))
    except BadCursor as error:
        return _render_bad_address(request, str(error))
    context = {
        "swap": "#list",
        "page": page,
        "count_text": format_count(listing.count_rows(page)),
        "q": q,
        "category": category,
        "currency": company.get_company().base_currency,
    }
    if not htmx.is_htmx(request):
        context["categories"] = selectors.product_categories()
    return htmx.render_page_or_partial(request, "customers/orders/product_list.html", context, partial="rows")


@access.require_permissions("orders.view")
@require_safe
def product(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """A product: how it sold, what came back, and the panels of other apps."""
    product = get_object_or_404(Product, public_id=public_id)
    panels = _render_panels(request, sockets.product_panels, product, "product")
    context = {
        "product": product,
        "figures": selectors.product_figures(product),
        "chart": product_sales.product_sales_chart(product),
        "newest": selectors.newest_orders_with_product(product, request.user),
        "panels": panels,
        "currency": company.get_company().base_currency,
    }
    return render(request, "customers/orders/product.html", context)


def _get_order_or_404(request: AuthenticatedHttpRequest, public_id: str) -> Order:
    order = selectors.get_visible_order(request.user, public_id)
    if order is None:
        raise Http404
    return order


def _render_refund_form(request: AuthenticatedHttpRequest, form: RefundForm, order: Order) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "customers/orders/order_refund.html", {"form": form, "order": order}, status=status)


def _render_bad_address(request: AuthenticatedHttpRequest, message: str) -> HttpResponse:
    context = {"message": message, "back": request.path}
    return htmx.add_toast(render(request, "customers/bad_address.html", context, status=400), message, kind="bad")


def _render_panels(
    request: AuthenticatedHttpRequest, panels: Iterable[OrderPanel | ProductPanel], subject: Any, name: str
) -> list[tuple[OrderPanel | ProductPanel, str]]:
    """(panel, markup) of the panels that the user may see and that have something to show."""
    rendered: list[tuple[OrderPanel | ProductPanel, str]] = []
    for panel in sorted(panels, key=lambda panel: (panel.order, panel.key)):
        if not access.has_permission(request.user, panel.permission):
            continue
        if (context := panel.load(subject, request.user)) is not None:
            markup = render_to_string(panel.template, {**context, name: subject, "panel": panel}, request)
            rendered.append((panel, markup))
    return rendered
