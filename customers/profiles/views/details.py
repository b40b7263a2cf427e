"""Small forms on the customer page: contacts, dates, ids, tags, tasks, and interactions."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.http import htmx
from crm.kernel.time import clock
from customers.profiles import customer_details, forms, selectors, services
from customers.profiles.choices import InteractionKind
from customers.profiles.models import Customer

PROFILE_CHANGED, TIMELINE_CHANGED, TASKS_CHANGED = (
    ("close-dialog", "profile-changed"),
    ("timeline-changed",),
    ("close-dialog", "tasks-changed", "timeline-changed"),
)


def _get_visible_customer(request: AuthenticatedHttpRequest, public_id: str) -> Customer:
    customer: Customer = access.get_visible_or_404(Customer.objects, request.user, public_id=public_id)
    return customer


@access.require_permissions("customers.view", "customers.edit")
@require_POST
def customer_log(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """A call, visit, chat or note goes on the timeline."""
    customer, form = _get_visible_customer(request, public_id), forms.InteractionForm(request.POST)
    if not form.is_valid():
        return htmx.add_toast(HttpResponse(status=422), _("Write what happened."), kind="bad")
    services.log_interaction(customer=customer, at=clock.now(), by=request.user, **form.cleaned_data)
    toast = _("%(kind)s noted.") % {"kind": InteractionKind(form.cleaned_data["kind"]).label}
    return htmx.add_toast(HttpResponse(status=204), toast, also=TIMELINE_CHANGED)


@access.require_permissions("customers.view", "customers.edit")
@require_POST
def customer_tags(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The customer's tags, as they are to be."""
    customer, form = _get_visible_customer(request, public_id), forms.CustomerTagsForm(request.POST)
    if not form.is_valid():
        return htmx.add_toast(HttpResponse(status=422), str(form.errors["tags"][0]), kind="bad")
    services.update_customer(customer=customer, at=clock.now(), by=request.user, tags=form.cleaned_data["tags"])
    return htmx.add_toast(HttpResponse(status=204), _("Tags saved."), also=PROFILE_CHANGED)


@access.require_permissions("customers.view", "customers.edit")
@require_http_methods(["GET", "POST"])
def task_new(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Something to do for the customer, for oneself."""
    customer, form = _get_visible_customer(request, public_id), forms.TaskForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _render_detail_form(request, form, customer, "customers:task_new", _("New task"))
    services.create_task(customer=customer, owner=request.user, at=clock.now(), **form.cleaned_data)
    return htmx.add_toast(HttpResponse(status=204), _("Task added."), also=TASKS_CHANGED)


@access.require_permissions("customers.view")
@require_POST
def task_finish(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """One's own task, or one for a customer in one's scope, is done or dropped."""
    task, form = selectors.get_visible_task(request.user, public_id), forms.TaskFinishForm(request.POST)
    if task is None:
        raise Http404
    if not form.is_valid():
        return htmx.add_toast(HttpResponse(status=422), _("At most 2,000 characters."), kind="bad")
    try:
        services.finish_task(task=task, at=clock.now(), by=request.user, **form.cleaned_data)
    except services.TaskIsOver as error:
        return htmx.add_toast(HttpResponse(status=409), str(error), kind="bad")
    return htmx.add_toast(HttpResponse(status=204), _("Task finished."), also=TASKS_CHANGED)


@access.require_permissions("customers.view", "customers.edit", "customers.contact")
@require_http_methods(["GET", "POST"])
def contact_add(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """A further address or number."""
    return _add_detail(
        request,
        public_id,
        forms.ContactPointForm,
        customer_details.add_contact,
        "customers:contact_add",
        _("Further contact"),
    )


@access.require_permissions("customers.view", "customers.edit")
@require_http_methods(["GET", "POST"])
def date_add(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """A day that comes back every year."""
    return _add_detail(
        request,
        public_id,
        forms.ImportantDateForm,
        customer_details.add_important_date,
        "customers:date_add",
        _("Important date"),
    )


@access.require_permissions("customers.view", "customers.edit")
@require_http_methods(["GET", "POST"])
def external_id_add(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The customer's id in another system."""
    return _add_detail(
        request,
        public_id,
        forms.ExternalIdForm,
        customer_details.add_external_id,
        "customers:external_id_add",
        _("Id in another system"),
    )


@access.require_permissions("customers.view", "customers.edit", "customers.contact")
@require_POST
def contact_remove(request: AuthenticatedHttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Forget a contact."""
    point = _get_detail_or_404(_get_visible_customer(request, public_id).contact_points, pk)
    customer_details.remove_contact(point=point, at=clock.now(), by=request.user)
    return htmx.add_toast(HttpResponse(status=204), _("Removed."), also=PROFILE_CHANGED)


@access.require_permissions("customers.view", "customers.edit")
@require_POST
def date_remove(request: AuthenticatedHttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Forget a date."""
    day = _get_detail_or_404(_get_visible_customer(request, public_id).important_dates, pk)
    customer_details.remove_important_date(day=day, at=clock.now(), by=request.user)
    return htmx.add_toast(HttpResponse(status=204), _("Removed."), also=PROFILE_CHANGED)


@access.require_permissions("customers.view", "customers.edit")
@require_POST
def external_id_remove(request: AuthenticatedHttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Forget an id."""
    external_id = _get_detail_or_404(_get_visible_customer(request, public_id).external_ids, pk)
    customer_details.remove_external_id(external_id=external_id, at=clock.now(), by=request.user)
    return htmx.add_toast(HttpResponse(status=204), _("Removed."), also=PROFILE_CHANGED)


def _get_detail_or_404(rows: Any, pk: int) -> Any:
    detail = rows.select_related("customer").filter(pk=pk).first()
    if detail is None:
        raise Http404
    return detail


def _add_detail(
    request: AuthenticatedHttpRequest, public_id: str, form_class: Any, add: Callable[..., Any], url: str, title: str
) -> HttpResponse:
    customer, form = _get_visible_customer(request, public_id), form_class(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _render_detail_form(request, form, customer, url, title)
    try:
        add(customer=customer, at=clock.now(), by=request.user, **form.cleaned_data)
    except customer_details.DuplicateDetail as error:
        form.add_error(None, str(error))
        return _render_detail_form(request, form, customer, url, title)
    return htmx.add_toast(HttpResponse(status=204), _("Saved."), also=PROFILE_CHANGED)


def _render_detail_form(
    request: AuthenticatedHttpRequest, form: Any, customer: Customer, url: str, title: str
) -> HttpResponse:
    context = {"form": form, "customer": customer, "url": url, "title": title}
    return render(request, "customers/profiles/small_form.html", context, status=422 if form.is_bound else 200)
