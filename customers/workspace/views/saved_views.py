"""Saved views of the customer list: the tabs above it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing import services
from crm.kernel.ui.listing.models import SavedView
from customers.workspace.forms import SavedViewForm


@access.require_permissions("customers.view")
@require_http_methods(["GET", "POST"])
def view_save(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Save the list's filters under a name."""
    form = SavedViewForm(request.POST or None, initial={"query": request.GET.urlencode()})
    if request.method == "GET" or not form.is_valid():
        return render(
            request, "customers/workspace/view_save.html", {"form": form}, status=422 if form.is_bound else 200
        )
    try:
        view = services.save_view(user=request.user, listing="customers", at=clock.now(), **form.cleaned_data)
    except services.MayNotShareView as error:
        form.add_error("shared", str(error))
        return render(request, "customers/workspace/view_save.html", {"form": form}, status=422)
    htmx.add_next_page_toast(request, _("View saved."))
    return htmx.redirect_to(request, f"{reverse('customers:customer_list')}?{view.query}&view={view.public_id}")


@access.require_permissions("customers.view")
@require_POST
def view_remove(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Remove one's own view."""
    view = access.get_own_or_404(SavedView.objects.filter(listing="customers"), request.user, public_id=public_id)
    services.remove_view(view=view, by=request.user)
    htmx.add_next_page_toast(request, _("View “%(name)s” removed.") % {"name": view.name})
    return htmx.redirect_to(request, reverse("customers:customer_list"))
