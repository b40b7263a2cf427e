"""Staff pages of messages: the outbox, one message and its history, the suppression list, consent, one mail to one customer."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.kernel import company
from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing.cursors import BadCursor
from crm.kernel.ui.listing.keyset import Listing, format_count
from customers.messaging import consent, extensions, selectors, services, suppression
from customers.messaging.choices import ConsentSource, MessageChannel, MessageState, SuppressionReason
from customers.messaging.content import mail_layout
from customers.messaging.forms import (
    ConsentForm,
    LiftForm,
    MessageFilter,
    SettleMessageForm,
    SuppressionForm,
    WriteMailForm,
)
from customers.messaging.mailbox.views import sandboxed_response
from customers.messaging.models import OutboundMessage, Suppression
from customers.profiles.models import Customer

RECALLABLE_STATES = (MessageState.QUEUED, MessageState.DEFERRED, MessageState.HELD)
UNSETTLED_STATES = (MessageState.UNKNOWN, MessageState.HELD)


@access.require_permissions("messages.view")
@require_safe
def outbox(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Messages, newest first; with htmx only the table."""
    form = MessageFilter(request.GET)
    if not form.is_valid():
        return _bad_address_page(request, form.first_error_text)
    listing = Listing(
        selectors.outbound_messages(form.chosen_filters, request.user), selectors.MESSAGE_SORTS, default="-created"
    )
    try:
        page = listing.get_page(request.GET.get("sort"), request.GET.get("cursor"))
    except BadCursor as error:
        return _bad_address_page(request, str(error))
    context = {
        "page": page,
        "count_text": format_count(listing.count_rows(page)),
        "is_filtered": bool(form.chosen_filters),
        "form": form,
    }
    if not htmx.is_htmx(request):
        context |= {
            "unsettled_count": selectors.unsettled_message_count(request.user),
            "relay": selectors.mail_server_trouble(),
        }
    return htmx.render_page_or_partial(request, "customers/messaging/outbox.html", context, partial="rows")


@access.require_permissions("messages.view")
@require_safe
def message(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """One message: its text, its state with the reason, and its history."""
    return _message_page(request, _get_message_or_404(request, public_id), SettleMessageForm())


@access.require_permissions("messages.view")
@require_safe
def message_html(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The HTML part as it is sent, in a frame where nothing runs."""
    row = _get_message_or_404(request, public_id)
    has_agreed = selectors.has_agreed(row.customer_id, row.channel, row.topic)
    frame = mail_layout.mail_frame(row.language, row.purpose, row.topic, company.get_company(), has_agreed=has_agreed)
    return sandboxed_response(frame.around_html(row.html, subject=row.subject, token="…"))


@access.require_permissions("messages.view", "messages.send")
@require_POST
def message_settle(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Mark a message of unknown fate as sent, or send it again; with a reason."""
    row, form = _get_message_or_404(request, public_id), SettleMessageForm(request.POST)
    if not form.is_valid():
        return _message_page(request, row, form, status=422)
    settle = services.mark_message_sent if form.cleaned_data["what"] == "sent" else services.resend_message
    try:
        settle(message=row, reason=form.cleaned_data["reason"], at=clock.now(), by=request.user)
    except services.NotSettled as error:
        form.add_error(None, str(error))
        return _message_page(request, row, form, status=409)
    htmx.add_next_page_toast(request, _("Noted, with your reason."))
    return htmx.redirect_to(request, reverse("customers:message", args=[public_id]))


@access.require_permissions("messages.view", "messages.send")
@require_POST
def message_recall(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Recall a message that waits."""
    row = _get_message_or_404(request, public_id)
    try:
        services.recall_message(message=row, at=clock.now(), by=request.user)
        htmx.add_next_page_toast(request, _("Recalled: it will not be sent."))
    except services.NotSettled as error:
        htmx.add_next_page_toast(request, str(error))
    return htmx.redirect_to(request, reverse("customers:message", args=[public_id]))


@access.require_permissions("customers.view", "messages.send")
@require_http_methods(["GET", "HEAD", "POST"])
def message_new(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Write one mail to one customer; the governor's decision is shown on the message's page."""
    customer = access.get_visible_or_404(Customer.objects, request.user, public_id=public_id)
    form = WriteMailForm(request.POST) if request.method == "POST" else WriteMailForm()
    if request.method != "POST" or not form.is_valid():
        channels = extensions.consent_panel(customer, request.user)["channels"]
        email = next((entry for entry in channels if entry["channel"] == MessageChannel.EMAIL), None)
        context = {"customer": customer, "form": form, "email": email}
        return render(request, "customers/messaging/message_new.html", context, status=422 if form.is_bound else 200)
    sent = services.write_to_customer(customer=customer, at=clock.now(), by=request.user, **form.cleaned_data)
    return htmx.redirect_to(request, reverse("customers:message", args=[sent.public_id]))


@access.require_permissions("messages.view")
@require_http_methods(["GET", "HEAD"])
def suppression_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The suppression list; the addresses themselves are not stored."""
    return _suppression_page(request, SuppressionForm())


@access.require_permissions("messages.view", "consent.edit")
@require_POST
def suppression_add(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Put an address on the suppression list."""
    form = SuppressionForm(request.POST)
    if form.is_valid():
        try:
            suppression.suppress_address(
                reason=SuppressionReason.MANUAL, at=clock.now(), by=request.user, **form.cleaned_data
            )
        except suppression.NoAddress as error:
            form.add_error("address", str(error))
    if not form.is_valid():
        return _suppression_page(request, form, status=422)
    htmx.add_next_page_toast(request, _("Nothing more goes to this address."))
    return htmx.redirect_to(request, reverse("customers:suppression_list"))


@access.require_permissions("messages.view", "consent.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def suppression_lift(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take an address off the suppression list, with a reason."""
    row = selectors.find_suppression(pk)
    if row is None:
        raise Http404
    form = LiftForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _lift_page(request, row, form, status=422 if form.is_bound else 200)
    try:
        suppression.lift_suppression(suppression=row, at=clock.now(), by=request.user, **form.cleaned_data)
    except suppression.NotLiftable as refusal:
        form.add_error(None, str(refusal))
        return _lift_page(request, row, form, status=409)
    htmx.add_next_page_toast(request, _("Lifted: messages go to this address again."))
    return htmx.redirect_to(request, reverse("customers:suppression_list"))


@access.require_permissions("customers.view", "consent.edit")
@require_POST
def consent_change(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Record what a customer told staff about one topic; answers with the panel as it now is."""
    customer = access.get_visible_or_404(Customer.objects, request.user, public_id=public_id)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return htmx.add_toast(HttpResponse(status=422), _("This is no channel and topic of ours."), kind="bad")
    statement = form.cleaned_data
    change_consent = consent.give_consent if statement["given"] else consent.withdraw_consent
    change_consent(
        customer=customer,
        channel=statement["channel"],
        topics=[statement["topic"]],
        source=ConsentSource.STAFF,
        at=clock.now(),
        by=request.user,
    )
    response = render(
        request,
        "customers/messaging/panels/consent.html",
        {**extensions.consent_panel(customer, request.user), "opened": True},
    )
    return htmx.add_toast(response, _("Consent is noted."))


def _get_message_or_404(request: AuthenticatedHttpRequest, public_id: str) -> OutboundMessage:
    row = selectors.get_message(public_id, request.user)
    if row is None:
        raise Http404
    return row


def _message_page(
    request: AuthenticatedHttpRequest, row: OutboundMessage, form: SettleMessageForm, status: int = 200
) -> HttpResponse:
    context = {
        "message": row,
        "history": selectors.message_history(row),
        "form": form,
        "may_recall": row.state in RECALLABLE_STATES,
        "may_settle": row.state in UNSETTLED_STATES or services.may_resend_failed(row),
    }
    return render(request, "customers/messaging/message.html", context, status=status)


def _suppression_page(request: AuthenticatedHttpRequest, form: SuppressionForm, status: int = 200) -> HttpResponse:
    listing = Listing(selectors.suppression_entries(), selectors.SUPPRESSION_SORTS, default="-at")
    try:
        page = listing.get_page(None, request.GET.get("cursor"))
    except BadCursor as error:
        return _bad_address_page(request, str(error))
    context = {"page": page, "form": form, "count_text": format_count(listing.count_rows(page))}
    return render(request, "customers/messaging/suppression_list.html", context, status=status)


def _lift_page(request: AuthenticatedHttpRequest, row: Suppression, form: LiftForm, status: int) -> HttpResponse:
    return render(request, "customers/messaging/suppression_lift.html", {"row": row, "form": form}, status=status)


def _bad_address_page(request: AuthenticatedHttpRequest, text: str) -> HttpResponse:
    context = {"message": text, "back": request.path}
    return htmx.add_toast(render(request, "customers/bad_address.html", context, status=400), text, kind="bad")
