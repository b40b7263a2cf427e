"""The customer's pages of tickets: asking for help, and one's own request by a signed link."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.kernel import company
from crm.kernel.auth import access, signed_links
from crm.kernel.http import current_request, rate_limits
from crm.kernel.time import clock
from crm.kernel.ui import languages
from feedback.tickets import emails, receiving, selectors, services, web_requests
from feedback.tickets.choices import TicketChannel
from feedback.tickets.forms import HelpForm, PortalMessageForm, TicketMessageForm
from feedback.tickets.models import Ticket
from feedback.tickets.settings import TicketSettings
from feedback.tickets.ticket_messages import words_digest

HELP = "feedback/tickets/help.html"
REQUEST = "feedback/tickets/request.html"
MESSAGES_PER_HOUR = 30


@access.allow_anonymous
@require_http_methods(["GET", "HEAD", "POST"])
def help(request: HttpRequest) -> HttpResponse:
    """The support page: how to reach us, and a form. It never says whether somebody is a customer of ours."""
    form = HelpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _open_ticket(request, form)
    return _help_page(request, form, 422 if form.is_bound else 200)


@access.allow_anonymous
@never_cache
@csrf_exempt  # the signed address is the authority; mail programs open it without cookies
@require_http_methods(["GET", "HEAD", "POST"])
def request(request: HttpRequest, signed: str) -> HttpResponse:
    """One's own request: its public messages, and a form for another. Whoever holds the link may write."""
    ticket = _get_ticket_or_404(signed)
    languages.activate_customer_language(request, ticket.language)
    form = PortalMessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not rate_limits.allow_attempt("request", ticket.public_id, times=MESSAGES_PER_HOUR, seconds=3600):
            return _request_page(request, ticket, form, 429)
        once, body = form.cleaned_data["once"], form.cleaned_data["body"]
        message = receiving.receive_message(
            ticket=ticket,
            body=body,
            channel=TicketChannel.PORTAL,
            at=clock.now(),
            message_id=f"page:{words_digest(once, body)}" if once else "",
        )
        return redirect(emails.customer_page_path(message.ticket) + "?sent=1")
    return _request_page(request, ticket, form, 422 if form.is_bound else 200)


def _help_page(request: HttpRequest, form: HelpForm, status: int) -> HttpResponse:
    tickets = company.get_settings(TicketSettings)
    context = {
        "form": form,
        "own": company.get_company(),
        "address": tickets.reply_address if tickets.is_reply_address_read else "",
        "is_asked_already": "again" in request.GET,
    }
    return render(request, HELP, context, status=status)


def _open_ticket(request: HttpRequest, form: HelpForm) -> HttpResponse:
    if form.is_machine:
        return redirect(reverse("feedback:help"))
    values = form.cleaned_data
    ticket_request = services.TicketRequest(
        subject=values["subject"],
        body=values["message"],
        channel=TicketChannel.FORM,
        contact_name=values["name"],
        contact_email=values["email"],
        language=request.LANGUAGE_CODE,  # type: ignore[attr-defined]
    )
    network = rate_limits.address_network(current_request.get_current_request().ip)
    if not web_requests.may_ask(email=values["email"], network=network):
        form.add_error(None, _("Too many requests at once. Please wait an hour."))
        return _help_page(request, form, 429)
    try:
        asked = web_requests.open_web_request(request=ticket_request, once=values["once"], at=clock.now())
    except web_requests.SameRequestAsked:
        return redirect(reverse("feedback:help") + "?again=1")
    return redirect(emails.customer_page_path(asked.ticket) + "?new=1")


def _get_ticket_or_404(signed: str) -> Ticket:
    try:
        public_id = signed_links.read_signed_value(emails.LINK_PURPOSE, signed, days=emails.LINK_DAYS)
    except signed_links.BadSignedLink as error:
        raise Http404 from error
    ticket = selectors.find_ticket(public_id)
    if ticket is None:
        raise Http404
    return ticket


def _request_page(request: HttpRequest, ticket: Ticket, form: TicketMessageForm, status: int) -> HttpResponse:
    context = {
        "ticket": ticket,
        "messages_shown": selectors.public_messages(ticket),
        "form": form,
        "is_new": "new" in request.GET,
        "is_sent": "sent" in request.GET,
        "too_many": status == 429,
    }
    zone = ticket.customer.time_zone if ticket.customer else ""
    with timezone.override(ZoneInfo(zone or company.get_company().time_zone)):
        return render(request, REQUEST, context, status=status)
