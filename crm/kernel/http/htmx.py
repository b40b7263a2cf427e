"""Small things that views share: fragments for htmx, toasts, refusals."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from django.utils import translation

from crm.kernel.ui.languages import LANGUAGE_CODES, match_language


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


def activate_customer_language(request: HttpRequest, known: str) -> str:
    """Answer in a customer's language: what `?lang=` or this device's own choice says, else what we know of the customer."""
    chosen = request.GET.get("lang", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    language = next((code for code in chosen if code in LANGUAGE_CODES), None) or match_language(known)
    translation.activate(language)
    request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
    return language


def query_pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """The parameters of the address in their order, for the hidden fields of a form that keeps them."""
    return [(name, value) for name, values in request.GET.lists() for value in values if value]


def query_without(request: HttpRequest, *names: str) -> str:
    """The address's query without some parameters."""
    params = request.GET.copy()
    for name in names:
        params.pop(name, None)
    return params.urlencode()
