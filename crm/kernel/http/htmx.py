"""Answers to htmx: fragments, toasts, redirects."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page


def is_htmx(request: HttpRequest) -> bool:
    """True where htmx asks for a fragment (not when it restores history)."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def render_page_or_partial(
    request: HttpRequest, template: str, context: dict[str, Any], *, partial: str | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or with htmx only the named partial of it."""
    name = f"{template}#{partial}" if partial and is_htmx(request) else template
    response = render_page(request, name, context, status=status)
    response["Vary"] = "HX-Request"
    return response


def add_toast(
    response: HttpResponse, text: str, *, undo_url: str | None = None, kind: str = "done", also: tuple[str, ...] = ()
) -> HttpResponse:
    """Show a toast after a htmx answer; with `undo_url` it carries Undo (a POST). `also` names further page events."""
    event = {"toast": {"text": str(text), "undo": undo_url, "kind": kind}, **dict.fromkeys(also, True)}
    response["HX-Trigger"] = json.dumps(event, ensure_ascii=True)
    return response


def add_next_page_toast(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """A toast on the page that comes next; with `undo_url` it carries Undo (a POST)."""
    messages.success(request, text, extra_tags=undo_url)


def redirect_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that htmx follows as a full page too."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=302, headers={"Location": url})
