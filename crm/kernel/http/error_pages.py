"""Error pages with a short reference code, in the reader's language; they touch neither database nor session."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils import translation

from crm.kernel.ui.languages import visitor_language

RETRY_SECONDS = "5"
ERROR_STATUSES = (400, 403, 404, 405, 500, 503)


def error_response(request: HttpRequest, status: int, **error: str) -> HttpResponse:
    """The error as a page, or as problem details for the API; `attr` and `detail` name a wrong field there."""
    if request.path.startswith("/api/"):
        return problem_response(request, status, **error)
    context = {"reference": getattr(request, "request_id", ""), "cookies": request.COOKIES, "status": status}
    with translation.override(_request_language(request)):
        return HttpResponse(loader.get_template(f"{status}.html").render(context), status=status)


def problem_response(request: HttpRequest, status: int, **error: str) -> JsonResponse:
    """Problem details (RFC 9457) for addresses of the API that no view answers."""
    titles = {
        400: "Bad request",
        403: "Forbidden",
        404: "Not found",
        405: "Method not allowed",
        500: "Server error",
        503: "Unavailable",
    }
    body = {
        "type": "about:blank",
        "title": titles[status],
        "status": status,
        "request_id": getattr(request, "request_id", ""),
        **({"errors": [{"code": "invalid", **error}]} if error else {}),
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, 404)


def method_not_allowed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """405 in words, with the methods that the bare answer names."""
    response = error_response(request, 405)
    response["Allow"] = answer["Allow"]
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database went away before any view was reached."""
    is_away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    return service_unavailable(request) if is_away else error_response(request, 500)


def service_unavailable(request: HttpRequest) -> HttpResponse:
    """503: a part that the page needs is away; trying again soon is the right thing to do."""
    response = error_response(request, 503)
    response["Retry-After"] = RETRY_SECONDS
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from elsewhere."""
    return error_response(request, 403)


def _request_language(request: HttpRequest) -> str:
    """What the middleware found; before it ran, what the cookie or the browser says."""
    return getattr(request, "LANGUAGE_CODE", "") or visitor_language(request)
