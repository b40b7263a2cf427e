"""Error pages with a short reference code; they need no database."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def _page(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(request, status)
    return render(request, f"{status}.html", {"reference": getattr(request, "request_id", "")}, status=status)


def problem(request: HttpRequest, status: int) -> JsonResponse:
    """Problem details (RFC 9457) for addresses of the API that no view answers."""
    titles = {400: "Bad request", 403: "Forbidden", 404: "Not found", 500: "Server error", 503: "Unavailable"}
    body = {"type": "about:blank", "title": titles[status], "status": status, "request_id": getattr(request, "request_id", "")}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)
