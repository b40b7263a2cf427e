"""A person's own choices: language, appearance, profile."""

from copy import copy

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.kernel.auth import access, services
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.auth.forms import ProfileForm
from crm.kernel.ui.languages import LANGUAGE_CODES

YEAR_SECONDS = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")
THEME_COOKIE, DENSITY_COOKIE = "eg_theme", "eg_density"


@access.allow_anonymous
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read and write in another language from now on: kept with the person, and on this device for strangers."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(_return_address(request))
    if chosen in LANGUAGE_CODES:
        if request.user.is_authenticated:
            services.save_preferences(user=request.user, language=chosen)
        _set_choice_cookie(request, response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@access.allow_anonymous
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device: the page has already changed, this remembers it."""
    chosen = request.POST.get("theme", "")
    in_place = bool(request.headers.get("HX-Request"))
    response = HttpResponse(status=204) if in_place else HttpResponseRedirect(_return_address(request))
    if chosen in THEMES:
        if request.user.is_authenticated:
            services.save_preferences(user=request.user, theme=chosen)
        _set_choice_cookie(request, response, THEME_COOKIE, chosen)
    return response


@access.require_login
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Name, language, time zone, appearance and keys of the signed-in person."""
    # The form writes into this copy; the page's own user stays as it is saved.
    user = copy(request.user)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        services.save_preferences(user=user, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Profile saved."))
        response = redirect("kernel:profile")
        _set_choice_cookie(request, response, settings.LANGUAGE_COOKIE_NAME, user.language)
        return response
    status = 422 if request.method == "POST" else 200
    return render(request, "kernel/people/profile.html", {"form": form}, status=status)


def _return_address(request: HttpRequest) -> str:
    """Where the person was, if that is a page of ours; `?lang=` there would undo the choice."""
    wanted = request.POST.get("next", "") or "/"
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if safe else "/"


def _set_choice_cookie(request: HttpRequest, response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(cookie, value, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
