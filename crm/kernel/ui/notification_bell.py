"""The bell of the top bar: how many are new, what they say, all of them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.ui.notifications import count_unread, latest_notifications, mark_all_read

MENU_LIMIT, PAGE_LIMIT = 8, 100


@access.require_login
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: AuthenticatedHttpRequest) -> HttpResponse:
    """GET: a page of all. POST, by the bell: the newest for its menu, which are thereby read."""
    if request.method == "POST":
        shown = latest_notifications(request.user, MENU_LIMIT)
        mark_all_read(request.user)
        return render(request, "kernel/people/bell.html", {"notices": shown})
    return render(
        request, "kernel/people/notifications.html", {"notices": latest_notifications(request.user, PAGE_LIMIT)}
    )


@access.require_login
@require_GET
def unread(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The number on the bell; asked once a minute by every open page."""
    return render(request, "kernel/people/unread.html", {"unread": count_unread(request.user)})
