"""Errors as problem details (RFC 9457), each naming the field and the reason."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import exception_handler
from drf_standardized_errors.types import ErrorResponse
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from crm.kernel.http import current_request

PROBLEM_TITLES = {
    400: "Bad request", 401: "Not authenticated", 403: "Forbidden", 404: "Not found", 405: "Method not allowed",
    409: "Conflict", 412: "Precondition failed", 413: "Too large", 415: "Unsupported media type", 422: "Unprocessable",
    429: "Too many requests", 500: "Server error", 503: "Unavailable",
}  # fmt: skip


class ConflictRefusal(APIException):
    """A refusal of the shop: `code` names it for programs, the detail says it for people."""

    status_code = 409
    default_code = "conflict"


class BodyTooLarge(APIException):
    """A body beyond what is read into memory."""

    status_code = 413
    default_code = "too_large"

    def __init__(self) -> None:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
        super().__init__(_("A request may have at most %(n)s MB; send fewer records a call.") % {"n": most})


class ProblemFormatter(ExceptionFormatter):
    """`type`, `title`, `status`, `request_id`, and `errors` with code, detail and field."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        status = self.exc.status_code
        return {
            "type": str(getattr(error_response.type, "value", error_response.type)),
            "title": PROBLEM_TITLES.get(status, "Error"),
            "status": status,
            "request_id": current_request.get_current_request().request_id,
            "errors": [
                {"code": error.code, "detail": str(error.detail), "attr": error.attr} for error in error_response.errors
            ],
        }


def answer_exception(exc: Exception, context: Any) -> Response | None:
    """The exception handler. A fallen database goes on to the middleware, which answers 503."""
    if isinstance(exc, (OperationalError, InterfaceError)):
        return None
    response = exception_handler(BodyTooLarge() if isinstance(exc, RequestDataTooBig) else exc, context)
    if response is not None:
        response["Content-Type"] = "application/problem+json"
        response.content_type = "application/problem+json"
    return response
