"""Orders for shops and tills: recorded singly or in bulk, cancelled, refunded; repeating any of it changes nothing."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.kernel import company
from crm.kernel.api.bulk_validation import validated
from crm.kernel.api.idempotency import idempotent
from crm.kernel.api.problem_details import Conflict
from crm.kernel.time import clock
from customers.orders import rules, services
from customers.orders.choices import Outcome
from customers.orders.models import Order
from customers.orders.rules import BadOrder, LineData, OrderData
from customers.orders.serializers import OrderBulkOut, OrderIn, OrderOut, OrderSaved, RefundIn, RefundOut
from customers.profiles import customer_references

FILTERS = [
    OpenApiParameter("source", str),
    OpenApiParameter("number", str),
    OpenApiParameter("customer", str, description="A public id, or `external:source:value`."),
]


def order_of(data: dict[str, Any], customer_id: int) -> OrderData:
    """Validated input as the service takes it; a contradictory order is a validation error naming the field."""
    fields = {name: value for name, value in data.items() if name not in ("customer", "lines")}
    order = OrderData(**fields, customer_id=customer_id, lines=tuple(LineData(**line) for line in data["lines"]))
    try:
        rules.check(order)
        rules.check_placed(order.placed_at, rules.first_refused(clock.now(), ZoneInfo(company.get().time_zone)))
    except BadOrder as refusal:
        raise _invalid(refusal) from refusal
    return order


def _invalid(refusal: BadOrder) -> ValidationError:
    return ValidationError({refusal.field.replace("[", ".").replace("]", ""): [refusal.reason]})


class Orders(generics.ListAPIView[Order]):
    """All orders, newest first; and one more, or one changed."""

    scope = "orders"
    serializer_class = OrderOut
    filters = FILTERS

    def get_queryset(self) -> QuerySet[Order]:
        rows = Order.objects.select_related("customer").prefetch_related("lines__product", "refunds")
        wanted = self.request.query_params if self.request else {}
        given: dict[str, Any] = {name: wanted[name] for name in ("source", "number") if wanted.get(name)}
        if reference := wanted.get("customer"):
            given["customer_id"] = _customer_id(reference)
        return rows.filter(**given)

    @extend_schema(operation_id="order_list", tags=["orders"], parameters=FILTERS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="order_upsert", tags=["orders"], request=OrderIn, responses={200: OrderSaved, 201: OrderSaved}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Record an order: 201 when new, 200 when it was known. Points and tier are in before the answer."""
        given = OrderIn.checked(request.data)
        order, outcome = services.record_order(order=order_of(given, _customer_id(given["customer"])), at=clock.now())
        status = 201 if outcome is Outcome.CREATED else 200
        return Response(_saved(order, outcome), status=status)


class OrderBulk(APIView):
    """Up to 5,000 orders a call."""

    scope = "orders"

    @extend_schema(operation_id="order_bulk", tags=["orders"], request=OrderIn(many=True), responses=OrderBulkOut)
    @idempotent
    def post(self, request: Request) -> Response:
        """Record many; a refused order is named by its index and costs no other."""
        records = request.data if isinstance(request.data, list) else []
        named = [one.get("customer") for one in records if isinstance(one, dict)]
        known = customer_references.ids_of(name for name in named if isinstance(name, str))

        def build(data: dict[str, Any]) -> OrderData:
            if data["customer"] not in known:
                raise ValidationError({"customer": [_("There is no such customer.")]})
            return order_of(data, known[data["customer"]])

        good, refused = validated(OrderIn, request.data, build)
        recorded = services.record_orders(orders=[order for _index, order in good], at=clock.now())
        keys = [(order.source, order.number) for _index, order in good]
        results = [_saved(recorded.orders[key], recorded.outcomes[key]) for key in keys]
        counts = {outcome.value: len(recorded.ids(outcome)) for outcome in Outcome}
        return Response({**counts, "results": results, "refused": refused})


def _saved(order: Order, outcome: Outcome) -> dict[str, Any]:
    """What became of an order, and what is to be known of it."""
    warnings = [] if order.rate_is_known else [_("No rate of exchange is stored for its day: it counts one to one.")]
    return {"id": order.public_id, "number": order.number, "outcome": outcome.value, "warnings": warnings}


class OrderDetail(APIView):
    """One order."""

    scope = "orders"

    @extend_schema(operation_id="order_get", tags=["orders"], responses=OrderOut)
    def get(self, request: Request, order: str) -> Response:
        return Response(OrderOut(_get(order)).data)


class OrderCancel(APIView):
    """Cancelling an order."""

    scope = "orders"

    @extend_schema(operation_id="order_cancel", tags=["orders"], request=None, responses=OrderOut)
    @idempotent
    def post(self, request: Request, order: str) -> Response:
        """The order counts no more; cancelling again changes nothing."""
        services.cancel_order(order=_get(order), at=clock.now())
        return Response(OrderOut(_get(order)).data)


class OrderRefunds(APIView):
    """Money given back for an order."""

    scope = "orders"

    @extend_schema(
        operation_id="order_refund", tags=["orders"], request=RefundIn, responses={200: RefundOut, 201: RefundOut}
    )
    @idempotent
    def post(self, request: Request, order: str) -> Response:
        """Record a refund: 201 when new, 200 when its reference was known, 409 when more than was paid."""
        found = _get(order)
        given = RefundIn.checked(request.data)
        try:
            refund, new = services.record_refund(order=found, at=clock.now(), **given)
        except BadOrder as refusal:
            raise _invalid(refusal) from refusal
        except services.TooMuchRefunded as refusal:
            raise Conflict(str(refusal), code="too_much_refunded") from refusal
        except services.AlreadyCancelled as refusal:
            raise Conflict(str(refusal), code="already_cancelled") from refusal
        return Response(RefundOut(refund).data, status=201 if new else 200)


def _customer_id(reference: str) -> int:
    known = customer_references.ids_of([reference])
    if reference not in known:
        raise ValidationError({"customer": [_("There is no such customer.")]})
    return known[reference]


def _get(public_id: str) -> Order:
    rows = Order.objects.select_related("customer").prefetch_related("lines__product", "refunds")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
