"""The customer page and the parts of it that reload by themselves."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.ui.listing.cursors import BadCursor
from customers.profiles import selectors
from customers.profiles.choices import InteractionKind
from customers.profiles.models import Customer
from customers.workspace import customer_page, timeline_page
from customers.workspace.views.lists import bad_address_page

INTERACTION_ICONS = {"note": "journal-text", "call": "telephone", "visit": "geo-alt", "chat": "chat-dots"}


def _get_customer_or_404(request: AuthenticatedHttpRequest, public_id: str) -> Customer:
    row: Customer = access.get_visible_or_404(customer_page.customers_for_page(), request.user, public_id=public_id)
    return row


@access.require_permissions("customers.view")
@require_safe
def customer(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Facts, activity and profile of one customer, with the panels of every app."""
    row = _get_customer_or_404(request, public_id)
    panels = {
        place: [(content.panel, _rendered_panel(request, row, content)) for content in contents]
        for place, contents in customer_page.panels_by_place(row, request.user).items()
    }
    kinds = [(kind, InteractionKind(kind).label, icon) for kind, icon in INTERACTION_ICONS.items()]
    context = {
        "subtitle": customer_page.subtitle_text(row),
        "badges": customer_page.fact_badges(row),
        "customer": row,
        "panels": panels,
        "summary": customer_page.order_summary(row),
        "waiting_orders": customer_page.waiting_orders(row),
        "kinds": kinds,
    }
    return render(
        request,
        "customers/workspace/customer.html",
        context | _timeline_context(row) | _profile_context(row) | _tasks_context(row),
    )


@access.require_permissions("customers.view")
@require_safe
def customer_timeline(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The timeline, of one group or all; with a cursor only the entries that follow."""
    row, cursor = _get_customer_or_404(request, public_id), request.GET.get("cursor")
    try:
        context = _timeline_context(row, request.GET.get("kind", "")[:40], cursor)
    except BadCursor as error:
        return bad_address_page(request, str(error))
    part = "entries" if cursor else "timeline"
    return render(request, f"customers/workspace/customer_timeline.html#{part}", {"customer": row, **context})


@access.require_permissions("customers.view")
@require_safe
def customer_profile(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The profile part of the right pane."""
    row = _get_customer_or_404(request, public_id)
    return render(request, "customers/workspace/customer_profile.html", {"customer": row, **_profile_context(row)})


@access.require_permissions("customers.view")
@require_safe
def customer_tasks(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The open tasks of the customer."""
    row = _get_customer_or_404(request, public_id)
    return render(request, "customers/workspace/customer_tasks.html", {"customer": row, **_tasks_context(row)})


def _rendered_panel(request: AuthenticatedHttpRequest, row: Customer, content: customer_page.PanelContent) -> str:
    return render_to_string(
        content.panel.template, {**content.context, "customer": row, "panel": content.panel}, request
    )


def _timeline_context(row: Customer, group: str = "", cursor: str | None = None) -> dict[str, Any]:
    page, entries = timeline_page.get_timeline_page(row, group, cursor)
    groups = [] if cursor else timeline_page.timeline_groups(row, group)
    return {"entries": entries, "next_cursor": page.next_cursor, "groups": groups, "group": group}


def _profile_context(row: Customer) -> dict[str, Any]:
    return {**customer_page.profile_details(row), "habits": customer_page.buying_habits(row)}


def _tasks_context(row: Customer) -> dict[str, Any]:
    return {"tasks": selectors.open_tasks(row)}
