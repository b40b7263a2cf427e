"""The settings of the company: one page for each group, beside them the settings pages of the apps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.company import forms, settings_groups


@access.require_permissions("settings.manage")
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """What can be set, and where."""
    return render(request, "kernel/company/settings.html", {"groups": _group_links()})


@access.require_permissions("settings.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def settings_group(request: AuthenticatedHttpRequest, name: str) -> HttpResponse:
    """One group; saving it is audited with before and after."""
    group = settings_groups.registered_groups.get(name)
    if group is None:
        raise Http404
    form = forms.build_settings_form(
        group, settings_groups.get_settings(group), request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        settings_groups.change_settings(group, form.cleaned_data, by=request.user)
        messages.success(request, _("Settings saved."))
        return redirect("kernel:settings_group", name)
    context = {"form": form, "groups": _group_links(), "name": name, "title": settings_groups.group_title(group)}
    return render(request, "kernel/company/settings_group.html", context, status=422 if form.errors else 200)


def _group_links() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": settings_groups.group_title(group),
            "note": settings_groups.group_note(group),
            "icon": getattr(group, "icon", "sliders"),
        }
        for name, group in settings_groups.registered_groups.items()
    ]
