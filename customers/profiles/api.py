"""Customers and behaviour for other programs."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.kernel import company
from crm.kernel.api.bulk_validation import validate_records
from crm.kernel.api.idempotency import idempotent
from crm.kernel.api.problem_details import ConflictRefusal
from crm.kernel.time import clock
from customers.profiles import customer_references, selectors, services, upserts
from customers.profiles.models import Customer
from customers.profiles.serializers import (
    ActivityIn,
    ActivityOut,
    CustomerBulkOut,
    CustomerIn,
    CustomerOut,
    CustomerSaveResult,
    build_customer_fields,
)
from customers.profiles.upserts import CustomerUpsert

FILTERS = [OpenApiParameter("search", str, description="Part of a name, pinyin, e-mail, phone or number.")]
REFERENCE = _("A public id, or `external:source:value`.")


def get_customer_or_404(reference: str) -> Customer:
    """The customer named in the address, or 404."""
    try:
        return customer_references.get_customer(reference)
    except Customer.DoesNotExist as error:
        raise NotFound from error


def build_customer_upsert(data: dict[str, Any]) -> CustomerUpsert:
    """Validated input as the service takes it."""
    return CustomerUpsert(
        sorted(data.get("external_ids", {}).items()), build_customer_fields(data, company.get_company().phone_region)
    )


class CustomerList(generics.ListAPIView[Customer]):
    """All customers, newest first; and one more, or one changed."""

    scope = "customers"
    serializer_class = CustomerOut
    filters = FILTERS

    def get_queryset(self) -> QuerySet[Customer]:
        query = self.request.query_params.get("search", "") if self.request else ""
        return selectors.customers_for_api(query)

    @extend_schema(operation_id="customer_list", tags=["customers"], parameters=FILTERS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="customer_upsert",
        tags=["customers"],
        request=CustomerIn,
        responses={200: CustomerSaveResult, 201: CustomerSaveResult},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a customer, or change the one whom an external id names: 201 or 200."""
        ((customer, outcome),) = _upsert_or_conflict([build_customer_upsert(CustomerIn.validate_record(request.data))])
        return Response(
            {"id": customer.public_id, "outcome": outcome}, status=201 if outcome == upserts.CREATED else 200
        )


class CustomerBulk(APIView):
    """Up to 5,000 customers a call."""

    scope = "customers"

    @extend_schema(
        operation_id="customer_bulk", tags=["customers"], request=CustomerIn(many=True), responses=CustomerBulkOut
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Make or change many; a refused record is named by its index and costs no other."""
        good, refused = validate_records(CustomerIn, request.data, build_customer_upsert)
        outcomes = _upsert_or_conflict([upsert for _index, upsert in good])
        results = [{"id": customer.public_id, "outcome": outcome} for customer, outcome in outcomes]
        counts = {
            name: sum(outcome == name for _customer, outcome in outcomes)
            for name in ("created", "updated", "unchanged")
        }
        return Response({**counts, "results": results, "refused": refused})


class CustomerDetail(APIView):
    """One customer."""

    scope = "customers"

    @extend_schema(operation_id="customer_get", tags=["customers"], responses=CustomerOut)
    def get(self, request: Request, customer: str) -> Response:
        return Response(CustomerOut(get_customer_or_404(customer)).data)

    @extend_schema(operation_id="customer_patch", tags=["customers"], request=CustomerIn, responses=CustomerOut)
    def patch(self, request: Request, customer: str) -> Response:
        """Change the fields that are sent."""
        stored = get_customer_or_404(customer)
        form = CustomerIn(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        if "external_ids" in form.validated_data:
            raise ValidationError({"external_ids": [_("Are given when the customer is made.")]})
        fields = build_customer_fields(
            {**form.validated_data, "display_name": form.validated_data.get("display_name", stored.display_name)},
            company.get_company().phone_region,
            stored.country,
        )
        return Response(CustomerOut(services.update_customer(customer=stored, at=clock.now(), **fields)).data)


class ActivityList(APIView):
    """What customers did in a shop or app."""

    write_scope = "events:write"

    @extend_schema(operation_id="event_record", tags=["events"], request=ActivityIn, responses={201: ActivityOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Record a behaviour; it stands on the customer's timeline."""
        data = ActivityIn.validate_record(request.data)
        try:
            customer = customer_references.get_customer(data["customer"])
        except Customer.DoesNotExist as error:
            raise ValidationError({"customer": [_("There is no such customer.")]}) from error
        activity = services.record_activity(
            customer=customer,
            name=data["name"],
            at=data.get("at") or clock.now(),
            source=data["source"],
            data=data["data"],
        )
        return Response({"id": activity.pk}, status=201)


def _upsert_or_conflict(sent: list[CustomerUpsert]) -> list[tuple[Customer, str]]:
    try:
        return upserts.upsert_customers(upserts=sent, at=clock.now())
    except upserts.ExternalIdTaken as refusal:
        raise ConflictRefusal(
            _("These ids belong to different customers: %(ids)s") % {"ids": refusal}, code="number_taken"
        ) from refusal
