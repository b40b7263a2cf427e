"""The one page per customer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from crm.kernel import access
from crm.kernel.listing.rules import BadCursor
from customers.desk import record, story
from customers.desk.views.lists import refuse
from customers.profiles import selectors
from customers.profiles.choices import InteractionKind
from customers.profiles.models import Customer

INTERACTION_ICONS = {"note": "journal-text", "call": "telephone", "visit": "geo-alt", "chat": "chat-dots"}


def _customer(request: HttpRequest, public_id: str) -> Customer:
    found: Customer = access.get_visible_or_404(record.customers(), request.user, public_id=public_id)
    return found


@access.require("customers.view")
@require_safe
def customer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Facts, activity and profile of one customer, with what every app knows of him."""
    found = _customer(request, public_id)
    panels = {
        place: [(shown.panel, _drawn(request, found, shown)) for shown in several]
        for place, several in record.panels(found, request.user).items()
    }
    kinds = [(kind, InteractionKind(kind).label, icon) for kind, icon in INTERACTION_ICONS.items()]
    context = {
        "meta": record.meta(found),
        "badges": record.badges(found),
        "customer": found,
        "panels": panels,
        "summary": record.summary(found),
        "kinds": kinds,
    }
    return render(request, "customers/desk/customer.html", context | _story(found) | _profile(found) | _tasks(found))


@access.require("customers.view")
@require_safe
def customer_timeline(request: HttpRequest, public_id: str) -> HttpResponse:
    """The timeline from its beginning, of one kind or all; with a cursor only the entries that follow."""
    found, cursor = _customer(request, public_id), request.GET.get("cursor")
    try:
        context = _story(found, request.GET.get("kind", "")[:40], cursor)
    except BadCursor as error:
        return refuse(request, str(error))
    part = "entries" if cursor else "story"
    return render(request, f"customers/desk/customer_timeline.html#{part}", {"customer": found, **context})


@access.require("customers.view")
@require_safe
def customer_profile(request: HttpRequest, public_id: str) -> HttpResponse:
    """The right pane's own part, after something in it changed."""
    found = _customer(request, public_id)
    return render(request, "customers/desk/customer_profile.html", {"customer": found, **_profile(found)})


@access.require("customers.view")
@require_safe
def customer_tasks(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is to be done for the customer."""
    found = _customer(request, public_id)
    return render(request, "customers/desk/customer_tasks.html", {"customer": found, **_tasks(found)})


def _drawn(request: HttpRequest, found: Customer, shown: record.Shown) -> str:
    return render_to_string(shown.panel.template, {**shown.context, "customer": found, "panel": shown.panel}, request)


def _story(found: Customer, group: str = "", cursor: str | None = None) -> dict[str, Any]:
    page, entries = story.page(found, group, cursor)
    groups = [] if cursor else story.groups(found, group)
    return {"entries": entries, "next_cursor": page.next_cursor, "groups": groups, "group": group}


def _profile(found: Customer) -> dict[str, Any]:
    return {**record.belongings(found), "habits": record.habits(found)}


def _tasks(found: Customer) -> dict[str, Any]:
    return {"tasks": selectors.open_tasks(found)}
