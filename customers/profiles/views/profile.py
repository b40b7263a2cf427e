"""Adding and editing a customer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.auth.choices import RecordScope
from crm.kernel.http import htmx
from crm.kernel.time import clock
from customers.profiles import selectors, services
from customers.profiles.forms import CustomerForm
from customers.profiles.models import Customer


@access.require_permissions("customers.view", "customers.edit", "customers.contact")
@require_http_methods(["GET", "POST"])
def customer_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A new customer; somebody with the same e-mail or phone is shown first."""
    form = CustomerForm(request.POST or None, initial={"owner": request.user, "team": request.user.team})
    if request.method == "GET" or not form.is_valid() or _is_unconfirmed_duplicate(request, form):
        return _render_customer_form(request, form)
    customer = services.create_customer(at=clock.now(), by=request.user, **_within_scope(request, form.values))
    htmx.add_next_page_toast(request, _("Customer added."))
    return htmx.redirect_to(request, reverse("customers:customer", args=[customer.public_id]))


@access.require_permissions("customers.view", "customers.edit", "customers.contact")
@require_http_methods(["GET", "POST"])
def customer_edit(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Change a customer; where somebody else did so meanwhile, both are shown and nothing is lost."""
    customer = access.get_visible_or_404(Customer.objects, request.user, public_id=public_id)
    form = CustomerForm(request.POST or None, instance=customer)
    if request.method == "GET" or not form.is_valid() or _is_unconfirmed_duplicate(request, form):
        return _render_customer_form(request, form, customer)
    try:
        services.update_customer(
            customer=customer, at=clock.now(), by=request.user, version=form.cleaned_data["version"], **form.values
        )
    except services.EditConflict as error:
        return _render_conflict(request, form, customer, str(error))
    htmx.add_next_page_toast(request, _("Saved."))
    return htmx.redirect_to(request, reverse("customers:customer", args=[customer.public_id]))


@access.require_permissions("customers.view", "customers.edit")
@require_POST
def customer_archive(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Out of the lists; the toast takes it back."""
    customer = access.get_visible_or_404(Customer.objects, request.user, public_id=public_id)
    services.archive_customer(customer=customer, at=clock.now(), by=request.user)
    htmx.add_next_page_toast(
        request,
        _("%(name)s is archived.") % {"name": customer.display_name},
        undo_url=reverse("customers:customer_restore", args=[public_id]),
    )
    return htmx.redirect_to(request, reverse("customers:customer_list"))


@access.require_permissions("customers.view", "customers.edit")
@require_POST
def customer_restore(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Back in the lists."""
    customer = access.get_visible_or_404(Customer.objects, request.user, public_id=public_id)
    services.restore_customer(customer=customer, at=clock.now(), by=request.user)
    if htmx.is_htmx(request):
        return htmx.add_toast(HttpResponse(status=204), _("Back from the archive."), also=("list-changed",))
    htmx.add_next_page_toast(request, _("Back from the archive."))
    return htmx.redirect_to(request, reverse("customers:customer", args=[public_id]))


def _is_unconfirmed_duplicate(request: AuthenticatedHttpRequest, form: CustomerForm) -> bool:
    """True while somebody else has the same e-mail or phone and the user has not confirmed that this is right."""
    if request.POST.get("confirmed") or not form.is_valid():
        return False
    edited = form.instance if form.instance.pk else None
    email, phone = form.cleaned_data["email"], form.cleaned_data["phone"]
    if edited and email == edited.email and phone == edited.phone:
        return False
    form.duplicates = selectors.possible_duplicates(email=email, phone=phone, exclude=edited)
    form.visible_duplicates = selectors.visible_customers_among(request.user, form.duplicates)
    return bool(form.duplicates)


def _within_scope(request: AuthenticatedHttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    """Users who see only their own or their team's customers keep seeing those whom they add."""
    if request.user.scope == RecordScope.OWN:
        values["owner"] = values["owner"] or request.user
    if request.user.scope != RecordScope.ALL:
        values["team"] = values["team"] or request.user.team
    return values


def _render_customer_form(
    request: AuthenticatedHttpRequest, form: CustomerForm, customer: Customer | None = None
) -> HttpResponse:
    context = {"form": form, "customer": customer}
    return render(request, "customers/profiles/customer_form.html", context, status=422 if form.is_bound else 200)


def _render_conflict(
    request: AuthenticatedHttpRequest, form: CustomerForm, customer: Customer, message: str
) -> HttpResponse:
    """Both copies side by side; keeping mine sends it again over the newer version."""
    customer.refresh_from_db()
    differing = [
        (form.fields[name].label or name, getattr(customer, name), value)
        for name, value in form.values.items()
        if name in form.fields and getattr(customer, name) != value
    ]
    again = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("version", "csrfmiddlewaretoken")
    ]
    context = {"customer": customer, "differing": differing, "again": again, "message": message}
    return render(request, "customers/profiles/customer_conflict.html", context, status=409)
