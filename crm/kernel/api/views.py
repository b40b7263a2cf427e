"""Keys of other programs: who has one, what it may do; made and revoked."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from crm.kernel.api import selectors, services
from crm.kernel.api.forms import ApiKeyForm, ApiKeyRevokeForm
from crm.kernel.api.models import ApiKey
from crm.kernel.auth import access
from crm.kernel.auth.models import User


@access.require_permissions("api.manage")
@require_safe
def key_list(request: HttpRequest) -> HttpResponse:
    """Every key, those that open something first."""
    return render(request, "kernel/api/key_list.html", {"keys": selectors.keys_by_use()})


@access.require_permissions("api.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key_new(request: HttpRequest) -> HttpResponse:
    """Make a key; the answer shows it, and nothing ever shows it again."""
    form = ApiKeyForm(request.POST or None)
    context = {"form": form, "chosen": form["scopes"].value() or []}
    if request.method == "POST" and form.is_valid():
        key, secret = services.create_api_key(**form.cleaned_data, by=cast(User, request.user))
        context |= {"key": key, "secret": secret}
    return render(request, "kernel/api/key_new.html", context, status=422 if form.errors else 200)


@access.require_permissions("api.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def key_revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a key for good, after its name was typed."""
    key = get_object_or_404(ApiKey, public_id=public_id)
    form = ApiKeyRevokeForm(request.POST if request.method == "POST" else None, key=key)
    if request.method == "POST" and form.is_valid():
        services.revoke_api_key(key=key, by=cast(User, request.user))
        messages.success(request, _("%(name)s is revoked.") % {"name": key.name})
        return redirect("kernel:key_list")
    return render(request, "kernel/api/key_revoke.html", {"form": form, "key": key}, status=422 if form.errors else 200)
