"""Consent for shops and forms of other systems: recorded singly or in bulk, and read with its history."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.kernel.api.bulk_validation import validate_records
from crm.kernel.api.idempotency import idempotent
from crm.kernel.time import clock
from customers.messaging import consent, selectors
from customers.messaging.choices import ConsentSource
from customers.messaging.consent import ConsentStatement
from customers.messaging.serializers import ConsentBulkSaved, ConsentIn, ConsentSaved, CustomerConsentsOut
from customers.profiles import customer_references
from customers.profiles.models import Customer


def build_statements(data: dict[str, Any], customer_ids: dict[str, int]) -> list[ConsentStatement]:
    """Validated input as the service takes it: a statement for each topic. Refused: ValidationError, for nobody."""
    if data["customer"] not in customer_ids:
        raise ValidationError({"customer": [_("There is no such customer.")]})
    return [
        ConsentStatement(
            customer_ids[data["customer"]],
            data["channel"],
            topic,
            data["state"],
            data.get("at"),
            data["wording"],
            data["proof"],
        )
        for topic in dict.fromkeys(data["topics"])
    ]


class ConsentList(APIView):
    """What one customer said."""

    write_scope = "consents:write"

    @extend_schema(
        operation_id="consent_record",
        tags=["consent"],
        request=ConsentIn,
        responses={200: ConsentSaved, 201: ConsentSaved},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Record consent given or withdrawn: 201 where something changed, 200 where all was known.

        What the customer said later stands, whatever arrives last.
        """
        data = ConsentIn.validate_record(request.data)
        statements = build_statements(data, customer_references.customer_ids_by_reference([data["customer"]]))
        changed = consent.record_consents(statements=statements, source=ConsentSource.API, at=clock.now())
        return Response({"changed": changed}, status=201 if changed else 200)


class ConsentBulk(APIView):
    """Up to 5,000 statements a call."""

    write_scope = "consents:write"

    @extend_schema(
        operation_id="consent_bulk", tags=["consent"], request=ConsentIn(many=True), responses=ConsentBulkSaved
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Record what many said; a refused statement is named by its index and costs no other."""
        records = request.data if isinstance(request.data, list) else []
        references = [record.get("customer") for record in records if isinstance(record, dict)]
        customer_ids = customer_references.customer_ids_by_reference(
            reference for reference in references if isinstance(reference, str)
        )
        good, refused = validate_records(ConsentIn, request.data, lambda data: build_statements(data, customer_ids))
        statements = [statement for _index, statements in good for statement in statements]
        changed = consent.record_consents(statements=statements, source=ConsentSource.API, at=clock.now())
        return Response({"changed": changed, "refused": refused})


class CustomerConsents(APIView):
    """What one customer allows."""

    scope = "consents"

    @extend_schema(operation_id="consent_get", tags=["consent"], responses=CustomerConsentsOut)
    def get(self, request: Request, customer: str) -> Response:
        """What holds now for every channel and topic, and the history."""
        try:
            row = customer_references.get_customer(customer)
        except Customer.DoesNotExist as error:
            raise NotFound from error
        answer = {"current": selectors.current_consents(row), "history": selectors.consent_history(row)}
        return Response(CustomerConsentsOut(answer).data)
