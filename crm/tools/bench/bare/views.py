"""The same rows as the product's pages show, by the plainest view and template that Django has for them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models.expressions import RawSQL
from django.forms import CharField, ModelForm, Textarea
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now

from customers.orders.models import CustomerSummary
from feedback.tickets.models import Message, Ticket
from feedback.tickets.rules import UNSOLVED


@login_required
def customer_list(request: HttpRequest) -> HttpResponse:
    """Fifty customers by last purchase, from the first or after one that is named."""
    rows = CustomerSummary.objects.select_related("customer").filter(
        customer__merged_into=None, customer__archived_at=None
    )
    if "at" in request.GET:
        after = RawSQL("(last_order_at, customer_id) < (%s, %s)", [request.GET["at"], request.GET["id"]])
        rows = rows.alias(after=after).filter(after=True)
    return render(request, "bare/customers.html", {"rows": rows.order_by("-last_order_at", "-customer_id")[:50]})


@login_required
def customer_search(request: HttpRequest) -> HttpResponse:
    """Fifty customers by name in whose stored text every part stands."""
    rows = CustomerSummary.objects.select_related("customer").filter(
        customer__merged_into=None, customer__archived_at=None
    )
    for part in request.GET.getlist("part"):
        rows = rows.filter(customer__search_text__contains=part)
    return render(request, "bare/customers.html", {"rows": rows.order_by("customer__sort_key", "customer_id")[:50]})


@login_required
def ticket_list(request: HttpRequest) -> HttpResponse:
    """Forty open tickets, those that wait longest first."""
    rows = Ticket.objects.select_related("customer", "assignee").filter(state__in=UNSOLVED, waiting_since__isnull=False)
    return render(request, "bare/tickets.html", {"rows": rows.order_by("waiting_since", "id")[:40]})


@login_required
def ticket(request: HttpRequest, public_id: str) -> HttpResponse:
    """A ticket with its messages and its customer."""
    found = get_object_or_404(Ticket.objects.select_related("customer", "assignee"), public_id=public_id)
    return render(request, "bare/ticket.html", {"ticket": found, "messages": found.messages.order_by("pk")})


class BareTicketForm(ModelForm):
    """What a new ticket says."""

    body = CharField(widget=Textarea)

    class Meta:
        model = Ticket
        fields = ["subject", "channel", "language", "customer"]


@login_required
def ticket_new(request: HttpRequest) -> HttpResponse:
    """Write a ticket with its first message."""
    form = BareTicketForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(f"/tickets/{_create_ticket(form).public_id}/")
    return render(request, "bare/ticket_new.html", {"form": form})


@transaction.atomic
def _create_ticket(form: Any) -> Ticket:
    at = now()
    ticket: Ticket = form.save(commit=False)
    ticket.opened_at = ticket.last_message_at = ticket.waiting_since = at
    ticket.save()
    Message.objects.create(
        ticket=ticket, kind="public", channel=ticket.channel, author="customer", body=form.cleaned_data["body"], at=at
    )
    return ticket
