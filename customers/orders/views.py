"""The order list, an order with its refunds, the products."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.kernel import company, money
from crm.kernel.auth import access
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing.cursors import BadCursor
from crm.kernel.ui.listing.keyset import Listing, format_count
from customers.orders import exchange_rates, product_sales, selectors, services, sockets
from customers.orders.choices import OrderStatus
from customers.orders.forms import ExchangeRateForm, OrderFilter, RefundForm
from customers.orders.models import Order, Product

HIDDEN_FILTERS = ("customer", "product")


@access.require_permissions("orders.view")
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """The orders, newest first, narrowed as the address says; with htmx only the table."""
    form = OrderFilter(request.GET)
    if not form.is_valid():
        return _render_bad_address(request, form.wrong)
    listing = Listing(
        selectors.visible_orders(chosen=form.chosen, user=request.user), selectors.ORDER_SORTS, default="-placed"
    )
    try:
        page = listing.page(request.GET.get("sort"), request.GET.get("cursor"))
    except BadCursor as error:
        return _render_bad_address(request, str(error))
    context = {
        "page": page,
        "swap": "#list",
        "count_text": format_count(listing.count(page)),
        "narrowed": bool(form.chosen),
    }
    if not htmx.is_htmx(request):
        context |= {
            "form": form.offer(),
            "kept": [(name, form.chosen[name]) for name in HIDDEN_FILTERS if name in form.chosen],
            "kept_names": HIDDEN_FILTERS,
        }
    return htmx.render_page_or_partial(request, "customers/orders/order_list.html", context, partial="rows")


@access.require_permissions("orders.view")
@require_safe
def order(request: HttpRequest, public_id: str) -> HttpResponse:
    """An order with its lines, refunds, and what other apps know of it."""
    found = _get_order_or_404(request, public_id)
    context = {
        "order": found,
        "lines": selectors.order_lines(found),
        "refunds": selectors.order_refunds(found),
        "left": found.goods_total - found.refunded_total,
        "stands": found.status != OrderStatus.CANCELLED,
        "panels": _render_panels(request, sockets.order_panels, found, "order"),
    }
    return render(request, "customers/orders/order.html", context)


@access.require_permissions("orders.view", "orders.edit")
@require_http_methods(["GET", "POST"])
def order_refund(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that money was given back; sent twice it counts once."""
    found = _get_order_or_404(request, public_id)
    lines = selectors.order_lines(found)
    left = money.round_amount(found.goods_total - found.refunded_total, found.currency)
    start = {"amount": left, "source_ref": f"staff-{secrets.token_hex(8)}"}
    form = RefundForm(request.POST or None, lines=lines, initial=start)
    if request.method == "GET" or not form.is_valid():
        return _render_refund_form(request, form, found)
    line = next((each for each in lines if str(each.pk) == form.cleaned_data.pop("line")), None)
    try:
        services.record_refund(order=found, line=line, at=clock.now(), by=request.user, **form.cleaned_data)
    except services.BadOrder as error:
        form.add_error("amount", error.reason)
        return _render_refund_form(request, form, found)
    except (services.AlreadyCancelled, services.TooMuchRefunded) as error:
        form.add_error("amount", str(error))
        return _render_refund_form(request, form, found)
    htmx.add_next_page_toast(request, _("Refund recorded."))
    return htmx.redirect_to(request, reverse("customers:order", args=[public_id]))


@access.require_permissions("orders.view", "orders.edit")
@require_POST
def order_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """The order counts no more."""
    services.cancel_order(order=_get_order_or_404(request, public_id), at=clock.now(), by=request.user)
    htmx.add_next_page_toast(request, _("Order cancelled."))
    return htmx.redirect_to(request, reverse("customers:order", args=[public_id]))


@access.require_permissions("settings.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def rate_list(request: HttpRequest) -> HttpResponse:
    """Rates of exchange, what waits for one, and a new one."""
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
def product_list(request: HttpRequest) -> HttpResponse:
    """The products by name; with htmx only the table."""
    q, category = (request.GET.get(name, "").replace("\x00", "").strip()[:120] for name in ("q", "category"))
    listing = Listing(selectors.matching_products(q, category), selectors.PRODUCT_SORTS, default="name")
    try:
        page = listing.page(request.GET.get("sort"), request.GET.get("cursor"))
    except BadCursor as error:
        return _render_bad_address(request, str(error))
    context = {
        "swap": "#list",
        "page": page,
        "count_text": format_count(listing.count(page)),
        "q": q,
        "category": category,
        "currency": company.get_company().base_currency,
    }
    if not htmx.is_htmx(request):
        context["categories"] = selectors.product_categories()
    return htmx.render_page_or_partial(request, "customers/orders/product_list.html", context, partial="rows")


@access.require_permissions("orders.view")
@require_safe
def product(request: HttpRequest, public_id: str) -> HttpResponse:
    """A product: how it sold, what came back, and what other apps know of it."""
    found = get_object_or_404(Product, public_id=public_id)
    panels = _render_panels(request, sockets.product_panels, found, "product")
    context = {
        "product": found,
        "figures": selectors.product_figures(found),
        "chart": product_sales.product_sales_chart(found),
        "newest": selectors.newest_orders_with_product(found, request.user),
        "panels": panels,
        "currency": company.get_company().base_currency,
    }
    return render(request, "customers/orders/product.html", context)


def _get_order_or_404(request: HttpRequest, public_id: str) -> Order:
    found = selectors.get_visible_order(request.user, public_id)
    if found is None:
        raise Http404
    return found


def _render_refund_form(request: HttpRequest, form: RefundForm, found: Order) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "customers/orders/order_refund.html", {"form": form, "order": found}, status=status)


def _render_bad_address(request: HttpRequest, message: str) -> HttpResponse:
    context = {"message": message, "back": request.path}
    return htmx.add_toast(render(request, "customers/bad_address.html", context, status=400), message, kind="bad")


def _render_panels(request: HttpRequest, offered: Any, about: Any, name: str) -> list[tuple[Any, str]]:
    drawn: list[tuple[Any, str]] = []
    for panel in sorted(offered, key=lambda each: (each.order, each.key)):
        if (
            access.has_permission(request.user, panel.permission)
            and (context := panel.load(about, request.user)) is not None
        ):
            drawn.append((panel, render_to_string(panel.template, {**context, name: about, "panel": panel}, request)))
    return drawn
