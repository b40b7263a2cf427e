"""Tickets for other programs: open one, read them, pass a customer's message on."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.kernel.api.idempotency import idempotent
from crm.kernel.api.problem_details import ConflictRefusal
from crm.kernel.time import clock
from customers.profiles import customer_references
from customers.profiles.models import Customer
from feedback.tickets import receiving, selectors, services
from feedback.tickets.choices import TicketState
from feedback.tickets.models import Ticket
from feedback.tickets.serializers import TicketDetailOut, TicketIn, TicketMessageIn, TicketMessageOut, TicketOut
from feedback.tickets.ticket_messages import EmptyMessage

LIST_PARAMETERS = [
    OpenApiParameter("state", str, enum=TicketState.values),
    OpenApiParameter("customer", str, description="A public id, or `external:source:value`."),
    OpenApiParameter("number", int),
]


class TicketListView(generics.ListAPIView[Ticket]):
    """All tickets, newest first; and one more."""

    scope = "tickets"
    serializer_class = TicketOut
    filters = LIST_PARAMETERS

    def get_queryset(self) -> QuerySet[Ticket]:
        parameters = self.request.query_params if self.request else {}
        conditions: dict[str, Any] = {}
        if state := parameters.get("state"):
            if state not in TicketState.values:
                raise ValidationError({"state": [_("There is no such state.")]})
            conditions["state"] = state
        if number := parameters.get("number"):
            if not number.isdecimal() or len(number) > selectors.LONGEST_NUMBER:
                raise ValidationError({"number": [_("A whole number is needed.")]})
            conditions["number"] = int(number)
        if reference := parameters.get("customer"):
            conditions["customer_id"] = getattr(_get_customer(reference), "pk", None)
        return selectors.tickets_with_relations().filter(**conditions)

    @extend_schema(operation_id="ticket_list", tags=["tickets"], parameters=LIST_PARAMETERS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="ticket_create", tags=["tickets"], request=TicketIn, responses={201: TicketOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a ticket; the customer's service level may raise its priority."""
        values = TicketIn.validate_record(request.data)
        customer = _get_customer(values.pop("customer", ""))
        if customer is None and not values["contact_email"]:
            raise ValidationError({"customer": [_("Name a customer or give a contact_email.")]})
        try:
            ticket_request = services.TicketRequest(customer=customer, **values)
            ticket = services.open_ticket(request=ticket_request, at=clock.now())
            services.acknowledge_ticket(ticket=ticket, at=ticket.opened_at)
        except EmptyMessage as refusal:
            raise ValidationError({"body": [str(refusal)]}) from refusal
        return Response(TicketOut(ticket).data, status=201)


class TicketDetailView(APIView):
    """One ticket with its messages."""

    scope = "tickets"

    @extend_schema(operation_id="ticket_get", tags=["tickets"], responses=TicketDetailOut)
    def get(self, request: Request, ticket: str) -> Response:
        row = selectors.find_ticket_with_messages(ticket)
        if row is None:
            raise NotFound
        return Response(TicketDetailOut(row).data)


class TicketMessagesView(APIView):
    """Messages of the customer that came by another channel."""

    scope = "tickets"

    @extend_schema(
        operation_id="ticket_message",
        tags=["tickets"],
        request=TicketMessageIn,
        responses={200: TicketMessageOut, 201: TicketMessageOut},
    )
    @idempotent
    def post(self, request: Request, ticket: str) -> Response:
        """Store a customer's message: a solved ticket opens again, a closed one goes on in its follow-up (see `ticket`).

        The same `message_id` by the same channel in the same ticket is 200 with the same words, and 409 with other words.
        """
        row = selectors.find_ticket(ticket)
        if row is None:
            raise NotFound
        values = TicketMessageIn.validate_record(request.data)
        try:
            message = receiving.receive_message(ticket=row, at=clock.now(), **values)
        except EmptyMessage as refusal:
            raise ValidationError({"body": [str(refusal)]}) from refusal
        except receiving.MessageIdTaken as refusal:
            raise ConflictRefusal(str(refusal), code="message_id_taken") from refusal
        return Response(TicketMessageOut(message).data, status=201 if message.is_new else 200)


def _get_customer(reference: str) -> Customer | None:
    if not reference:
        return None
    try:
        return customer_references.get_customer(reference)
    except Customer.DoesNotExist as error:
        raise ValidationError({"customer": [_("There is no such customer.")]}) from error
