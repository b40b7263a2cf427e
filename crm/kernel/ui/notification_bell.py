"""The bell of the top bar: how many are new, what they say, all of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from crm.kernel.auth import access
from crm.kernel.ui import notifications as notices

IN_THE_MENU, ON_THE_PAGE = 8, 100


@access.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """GET: a page of all. POST, by the bell: the newest for its menu, which are thereby read."""
    if request.method == "POST":
        shown = notices.latest(request.user, IN_THE_MENU)  # type: ignore[arg-type]
        notices.read_all(request.user)  # type: ignore[arg-type]
        return render(request, "kernel/people/bell.html", {"notices": shown})
    return render(request, "kernel/people/notifications.html", {"notices": notices.latest(request.user, ON_THE_PAGE)})  # type: ignore[arg-type]


@access.signed_in
@require_GET
def unread(request: HttpRequest) -> HttpResponse:
    """The number on the bell; asked once a minute by every open page."""
    return render(request, "kernel/people/unread.html", {"unread": notices.unread(request.user)})  # type: ignore[arg-type]
