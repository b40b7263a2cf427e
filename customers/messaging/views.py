"""Staff pages of the door: messages and why they stand where they stand, the suppression list, consent, one mail to one customer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.kernel import company
from crm.kernel.auth import access
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing import Listing, count_text
from crm.kernel.ui.listing.cursors import BadCursor
from customers.messaging import consent, extensions, selectors, services, suppression
from customers.messaging.choices import Channel, ConsentSource, State, SuppressionReason
from customers.messaging.content import mail_layout
from customers.messaging.forms import ConsentForm, MailForm, MessageFilter, SettleForm, SuppressionForm
from customers.messaging.mailbox.views import sandboxed
from customers.messaging.models import OutboundMessage
from customers.profiles.models import Customer

RECALLABLE = (State.QUEUED, State.DEFERRED, State.HELD)


@access.require("messages.view")
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Messages, newest first; with htmx only the table."""
    form = MessageFilter(request.GET)
    if not form.is_valid():
        return _refuse(request, form.wrong)
    listing = Listing(selectors.messages(form.chosen, request.user), selectors.SORTS, default="-created")
    try:
        page = listing.page(request.GET.get("sort"), request.GET.get("cursor"))
    except BadCursor as error:
        return _refuse(request, str(error))
    context = {"page": page, "count_text": count_text(listing.count(page)), "narrowed": bool(form.chosen), "form": form}
    if not htmx.is_htmx(request):
        context |= {"for_people": selectors.waiting_for_people(request.user), "relay": selectors.relay()}
    return htmx.render(request, "customers/messaging/outbox.html", context, partial="rows")


@access.require("messages.view")
@require_safe
def message(request: HttpRequest, public_id: str) -> HttpResponse:
    """One message: what it says, its history, and why it stands where it stands."""
    return _message_page(request, _message(request, public_id), SettleForm())


@access.require("messages.view")
@require_safe
def message_html(request: HttpRequest, public_id: str) -> HttpResponse:
    """The HTML part as it is sent, in a frame where nothing runs."""
    found = _message(request, public_id)
    agreed = selectors.agreed(found.customer_id, found.channel, found.topic)
    frame = mail_layout.frame(found.language, found.purpose, found.topic, company.get(), agreed=agreed)
    return sandboxed(frame.around_html(found.html, subject=found.subject, token="…"))


@access.require("messages.view", "messages.send")
@require_POST
def message_settle(request: HttpRequest, public_id: str) -> HttpResponse:
    """A person says what became of a message, or has it sent again; with a reason."""
    found, form = _message(request, public_id), SettleForm(request.POST)
    if not form.is_valid():
        return _message_page(request, found, form, status=422)
    act = services.mark_sent if form.cleaned_data["what"] == "sent" else services.send_again
    try:
        act(message=found, reason=form.cleaned_data["reason"], at=clock.now(), by=request.user)
    except services.NotSettled as error:
        form.add_error(None, str(error))
        return _message_page(request, found, form, status=409)
    htmx.later_toast(request, _("Noted, with your reason."))
    return htmx.redirect(request, reverse("customers:message", args=[public_id]))


@access.require("messages.view", "messages.send")
@require_POST
def message_recall(request: HttpRequest, public_id: str) -> HttpResponse:
    """A waiting message is not sent."""
    found = _message(request, public_id)
    try:
        services.recall(message=found, at=clock.now(), by=request.user)
        htmx.later_toast(request, _("Recalled: it will not be sent."))
    except services.NotSettled as error:
        htmx.later_toast(request, str(error))
    return htmx.redirect(request, reverse("customers:message", args=[public_id]))


@access.require("customers.view", "messages.send")
@require_http_methods(["GET", "HEAD", "POST"])
def message_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mail to one customer; the governor's answer is shown on the message's page."""
    customer = access.get_visible_or_404(Customer.objects, request.user, public_id=public_id)
    form = MailForm(request.POST) if request.method == "POST" else MailForm()
    if request.method != "POST" or not form.is_valid():
        by_mail = [
            part for part in extensions.consent(customer, request.user)["parts"] if part["channel"] == Channel.EMAIL
        ]
        context = {"customer": customer, "form": form, "by_mail": by_mail[0] if by_mail else None}
        return render(request, "customers/messaging/message_new.html", context, status=422 if form.is_bound else 200)
    written = services.write_to(customer=customer, at=clock.now(), by=request.user, **form.cleaned_data)
    return htmx.redirect(request, reverse("customers:message", args=[written.public_id]))


@access.require("messages.view")
@require_http_methods(["GET", "HEAD"])
def suppression_list(request: HttpRequest) -> HttpResponse:
    """Addresses that get nothing more; the addresses themselves are not kept."""
    return _suppressions(request, SuppressionForm())


@access.require("messages.view", "consent.edit")
@require_POST
def suppression_add(request: HttpRequest) -> HttpResponse:
    """Staff put an address on the list; nobody of the staff takes one off it."""
    form = SuppressionForm(request.POST)
    if form.is_valid():
        try:
            suppression.suppress(reason=SuppressionReason.MANUAL, at=clock.now(), by=request.user, **form.cleaned_data)
        except suppression.NoAddress as error:
            form.add_error("address", str(error))
    if not form.is_valid():
        return _suppressions(request, form, status=422)
    htmx.later_toast(request, _("Nothing more goes to this address."))
    return htmx.redirect(request, reverse("customers:suppression_list"))


@access.require("customers.view", "consent.edit")
@require_POST
def consent_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Staff write down what a customer said; answers with the panel as it now stands."""
    customer = access.get_visible_or_404(Customer.objects, request.user, public_id=public_id)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return htmx.toast(HttpResponse(status=422), _("This is no channel and topic of ours."), kind="bad")
    said = form.cleaned_data
    act = consent.give if said["given"] else consent.withdraw
    act(
        customer=customer,
        channel=said["channel"],
        topics=[said["topic"]],
        source=ConsentSource.STAFF,
        at=clock.now(),
        by=request.user,
    )
    response = render(
        request,
        "customers/messaging/panels/consent.html",
        {**extensions.consent(customer, request.user), "opened": True},
    )
    return htmx.toast(response, _("Consent is noted."))


def _message(request: HttpRequest, public_id: str) -> OutboundMessage:
    found = selectors.message(public_id, request.user)
    if found is None:
        raise Http404
    return found


def _message_page(request: HttpRequest, found: OutboundMessage, form: SettleForm, status: int = 200) -> HttpResponse:
    context = {
        "message": found,
        "steps": selectors.steps(found),
        "form": form,
        "may_recall": found.state in RECALLABLE,
        "may_settle": found.state == State.UNKNOWN or found.state == State.HELD or found.reason == "gave_up",
    }
    return render(request, "customers/messaging/message.html", context, status=status)


def _suppressions(request: HttpRequest, form: SuppressionForm, status: int = 200) -> HttpResponse:
    listing = Listing(selectors.suppressions(), selectors.SUPPRESSION_SORTS, default="-at")
    try:
        page = listing.page(None, request.GET.get("cursor"))
    except BadCursor as error:
        return _refuse(request, str(error))
    context = {"page": page, "form": form, "count_text": count_text(listing.count(page))}
    return render(request, "customers/messaging/suppression_list.html", context, status=status)


def _refuse(request: HttpRequest, text: str) -> HttpResponse:
    context = {"message": text, "back": request.path}
    return htmx.toast(render(request, "customers/bad_address.html", context, status=400), text, kind="bad")
