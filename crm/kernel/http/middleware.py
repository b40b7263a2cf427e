"""What happens around every request: a request id and one log line, the person's language and zone, a fallen database."""

import re
import secrets
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.kernel import company
from crm.kernel.http import client_address, current_request, error_pages
from crm.kernel.ui.languages import visitor_language

log = structlog.get_logger("crm.request")
GetResponse = Callable[[HttpRequest], HttpResponse]
PROGRAM_PATHS = ("/api/", "/healthz", "/readyz")
REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestLogMiddleware:
    """Gives every request an id (a well-formed one from outside is kept) and writes one line about its answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID_PATTERN.fullmatch(given) else secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        started = time.monotonic()
        token = current_request.enter_request(
            current_request.CurrentRequest(
                request_id, client_address.get_client_address(request.META), "public", started
            )
        )
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            if response.status_code == 405 and not response.content:
                response = error_pages.method_not_allowed(request, response)
            self._log(request, response, started)
        finally:
            current_request.leave_request(token)
            structlog.contextvars.unbind_contextvars("request_id")
        response["X-Request-ID"] = request_id
        return response

    def _log(self, request: HttpRequest, response: HttpResponse, started: float) -> None:
        if request.path in ("/healthz", "/readyz") or request.path.startswith(settings.STATIC_URL):
            return
        match = request.resolver_match
        log.info(
            "request",
            route=match.view_name or match.route if match else None,
            method=request.method,
            status=response.status_code,
            ms=round((time.monotonic() - started) * 1000),
            user=getattr(getattr(request, "user", None), "pk", None),
        )


class DatabaseDownMiddleware:
    """While the database is away or out of time a request is answered 503 with Retry-After, never 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        log.error("database_unavailable", error=type(exception).__name__)
        connection.close_if_unusable_or_obsolete()
        return error_pages.service_unavailable(request)


class StorableAddressMiddleware:
    """No text in PostgreSQL holds a NUL character: in a path it names nothing; a filter of the API that has one is wrong
    (pages check theirs in forms, which say it in place)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            return error_pages.error_response(request, 404)
        for name, values in request.GET.lists() if request.path_info.startswith("/api/") else ():
            if any("\x00" in text for text in (name, *values)):
                return error_pages.error_response(request, 400, attr=name, detail=_("NUL characters are not allowed."))
        return self.get_response(request)


class UserLocaleMiddleware:
    """The signed-in person's language and zone; for others `?lang=`, the cookie, then what the browser asks for, and our zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        language = user.language if user.is_authenticated else visitor_language(request)
        zone = user.time_zone if user.is_authenticated else _visitor_zone(request)
        with translation.override(language), timezone.override(ZoneInfo(zone)):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or language)
        return response


def _visitor_zone(request: HttpRequest) -> str:
    """The company's, for its customers; programs and probes get UTC, without a question to the database."""
    return settings.TIME_ZONE if request.path_info.startswith(PROGRAM_PATHS) else company.get_company().time_zone
