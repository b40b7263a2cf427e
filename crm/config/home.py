"""Where each role begins its day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.auth.choices import StaffRole

HOME_PAGES: dict[str, str] = {
    StaffRole.ADMIN: "retention:dashboard",
    StaffRole.MANAGER: "retention:dashboard",
    StaffRole.MARKETING: "retention:dashboard",
    StaffRole.READONLY: "retention:dashboard",
    StaffRole.PRODUCT: "retention:dashboard",
    StaffRole.SERVICE: "customers:today",
    StaffRole.SALES: "customers:today",
}


@access.require_login
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Whoever answers for the whole begins at the dashboard, whoever serves people at the day's tasks."""
    return redirect(HOME_PAGES.get(getattr(request.user, "role", ""), "customers:today"))
