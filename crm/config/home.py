"""Where each role begins its day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.auth.choices import Role

BEGINS_AT: dict[str, str] = {
    Role.ADMIN: "retention:dashboard",
    Role.MANAGER: "retention:dashboard",
    Role.MARKETING: "retention:dashboard",
    Role.READONLY: "retention:dashboard",
    Role.PRODUCT: "retention:dashboard",
    Role.SERVICE: "customers:today",
    Role.SALES: "customers:today",
}


@access.signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Whoever answers for the whole begins at the dashboard, whoever serves people at the day's tasks."""
    return redirect(BEGINS_AT.get(getattr(request.user, "role", ""), "customers:today"))
