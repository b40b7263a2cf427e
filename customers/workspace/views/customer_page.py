"""The one page per customer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.ui.listing.cursors import BadCursor
from customers.profiles import selectors
from customers.profiles.choices import InteractionKind
from customers.profiles.models import Customer
from customers.workspace import customer_page, timeline_page
from customers.workspace.views.lists import bad_address_page

INTERACTION_ICONS = {"note": "journal-text", "call": "telephone", "visit": "geo-alt", "chat": "chat-dots"}


def _get_customer_or_404(request: HttpRequest, public_id: str) -> Customer:
    found: Customer = access.get_visible_or_404(customer_page.customers_for_page(), request.user, public_id=public_id)
    return found


@access.require_permissions("customers.view")
@require_safe
def customer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Facts, activity and profile of one customer, with what every app knows of him."""
    found = _get_customer_or_404(request, public_id)
    panels = {
        place: [(shown.panel, _rendered_panel(request, found, shown)) for shown in several]
        for place, several in customer_page.panels_by_place(found, request.user).items()
    }
    kinds = [(kind, InteractionKind(kind).label, icon) for kind, icon in INTERACTION_ICONS.items()]
    context = {
        "meta": customer_page.subtitle_text(found),
        "badges": customer_page.fact_badges(found),
        "customer": found,
        "panels": panels,
        "summary": customer_page.order_summary(found),
        "kinds": kinds,
    }
    return render(
        request,
        "customers/workspace/customer.html",
        context | _timeline_context(found) | _profile_context(found) | _tasks_context(found),
    )


@access.require_permissions("customers.view")
@require_safe
def customer_timeline(request: HttpRequest, public_id: str) -> HttpResponse:
    """The timeline from its beginning, of one kind or all; with a cursor only the entries that follow."""
    found, cursor = _get_customer_or_404(request, public_id), request.GET.get("cursor")
    try:
        context = _timeline_context(found, request.GET.get("kind", "")[:40], cursor)
    except BadCursor as error:
        return bad_address_page(request, str(error))
    part = "entries" if cursor else "story"
    return render(request, f"customers/workspace/customer_timeline.html#{part}", {"customer": found, **context})


@access.require_permissions("customers.view")
@require_safe
def customer_profile(request: HttpRequest, public_id: str) -> HttpResponse:
    """The right pane's own part, after something in it changed."""
    found = _get_customer_or_404(request, public_id)
    return render(request, "customers/workspace/customer_profile.html", {"customer": found, **_profile_context(found)})


@access.require_permissions("customers.view")
@require_safe
def customer_tasks(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is to be done for the customer."""
    found = _get_customer_or_404(request, public_id)
    return render(request, "customers/workspace/customer_tasks.html", {"customer": found, **_tasks_context(found)})


def _rendered_panel(request: HttpRequest, found: Customer, shown: customer_page.PanelContent) -> str:
    return render_to_string(shown.panel.template, {**shown.context, "customer": found, "panel": shown.panel}, request)


def _timeline_context(found: Customer, group: str = "", cursor: str | None = None) -> dict[str, Any]:
    page, entries = timeline_page.get_timeline_page(found, group, cursor)
    groups = [] if cursor else timeline_page.timeline_groups(found, group)
    return {"entries": entries, "next_cursor": page.next_cursor, "groups": groups, "group": group}


def _profile_context(found: Customer) -> dict[str, Any]:
    return {**customer_page.profile_details(found), "habits": customer_page.buying_habits(found)}


def _tasks_context(found: Customer) -> dict[str, Any]:
    return {"tasks": selectors.open_tasks(found)}
