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
from crm.kernel.api.bulk_validation import validate_records
from crm.kernel.api.idempotency import idempotent
from crm.kernel.api.problem_details import ConflictRefusal
from crm.kernel.time import clock
from customers.orders import rules, selectors, services
from customers.orders.choices import OrderOutcome
from customers.orders.models import Order, OrderLine
from customers.orders.rules import BadOrder, IncomingOrder, IncomingOrderLine
from customers.orders.serializers import OrderBulkOut, OrderIn, OrderOut, OrderSaveResult, RefundIn, RefundOut
from customers.profiles import customer_references

FILTERS = [
    OpenApiParameter("source", str),
    OpenApiParameter("number", str),
    OpenApiParameter("customer", str, description="A public id, or `external:source:value`."),
]


REFUSAL_CODES = {
    services.TooMuchRefunded: "too_much_refunded",
    services.AlreadyCancelled: "already_cancelled",
    services.OrderUnpaid: "order_unpaid",
    services.RefundConflict: "refund_conflict",
}


def build_order(data: dict[str, Any], customer_id: int) -> IncomingOrder:
    """Validated input as the service takes it; a contradictory order is a validation error naming the field."""
    fields = {name: value for name, value in data.items() if name not in ("customer", "lines")}
    order = IncomingOrder(
        **fields, customer_id=customer_id, lines=tuple(IncomingOrderLine(**line) for line in data["lines"])
    )
    try:
        rules.check_order(order)
        rules.check_placed_at(
            order.placed_at, rules.first_refused_instant(clock.now(), ZoneInfo(company.get_company().time_zone))
        )
    except BadOrder as refusal:
        raise _validation_error(refusal) from refusal
    return order


def _validation_error(refusal: BadOrder) -> ValidationError:
    return ValidationError({refusal.field.replace("[", ".").replace("]", ""): [refusal.reason]})


class OrderList(generics.ListAPIView[Order]):
    """All orders, newest first; and one more, or one changed."""

    scope = "orders"
    serializer_class = OrderOut
    filters = FILTERS

    def get_queryset(self) -> QuerySet[Order]:
        params = self.request.query_params if self.request else {}
        filters: dict[str, Any] = {name: params[name] for name in ("source", "number") if params.get(name)}
        if reference := params.get("customer"):
            filters["customer_id"] = _customer_id(reference)
        return selectors.orders_for_api(**filters)

    @extend_schema(operation_id="order_list", tags=["orders"], parameters=FILTERS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="order_upsert",
        tags=["orders"],
        request=OrderIn,
        responses={200: OrderSaveResult, 201: OrderSaveResult},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Record an order: 201 when new, 200 when it was known. Points and tier are in before the answer."""
        data = OrderIn.validate_record(request.data)
        order, outcome = services.record_order(order=build_order(data, _customer_id(data["customer"])), at=clock.now())
        status = 201 if outcome is OrderOutcome.CREATED else 200
        return Response(_save_result(order, outcome), status=status)


class OrderBulk(APIView):
    """Up to 5,000 orders a call."""

    scope = "orders"

    @extend_schema(operation_id="order_bulk", tags=["orders"], request=OrderIn(many=True), responses=OrderBulkOut)
    @idempotent
    def post(self, request: Request) -> Response:
        """Record many; a refused order is named by its index and costs no other."""
        records = request.data if isinstance(request.data, list) else []
        references = [record.get("customer") for record in records if isinstance(record, dict)]
        customer_ids = customer_references.customer_ids_by_reference(
            reference for reference in references if isinstance(reference, str)
        )

        def build(data: dict[str, Any]) -> IncomingOrder:
            if data["customer"] not in customer_ids:
                raise ValidationError({"customer": [_("There is no such customer.")]})
            return build_order(data, customer_ids[data["customer"]])

        good, refused = validate_records(OrderIn, request.data, build)
        recorded = services.record_orders(orders=[order for _index, order in good], at=clock.now())
        keys = [(order.source, order.number) for _index, order in good]
        results = [_save_result(recorded.orders[key], recorded.outcomes[key]) for key in keys]
        counts = {outcome.value: len(recorded.ids_with_outcome(outcome)) for outcome in OrderOutcome}
        return Response({**counts, "results": results, "refused": refused})


def _save_result(order: Order, outcome: OrderOutcome) -> dict[str, Any]:
    """The outcome of an order, with warnings about what was recorded all the same."""
    warnings = (
        [] if order.rate_is_known else [_("No rate of exchange is stored for its day: it counts when there is one.")]
    )
    return {"id": order.public_id, "number": order.number, "outcome": outcome.value, "warnings": warnings}


class OrderDetail(APIView):
    """One order."""

    scope = "orders"

    @extend_schema(operation_id="order_get", tags=["orders"], responses=OrderOut)
    def get(self, request: Request, order: str) -> Response:
        return Response(OrderOut(_get_order(order)).data)


class OrderCancel(APIView):
    """Cancelling an order."""

    scope = "orders"

    @extend_schema(operation_id="order_cancel", tags=["orders"], request=None, responses=OrderOut)
    @idempotent
    def post(self, request: Request, order: str) -> Response:
        """The order counts no more; cancelling again changes nothing."""
        services.cancel_order(order=_get_order(order), at=clock.now())
        return Response(OrderOut(_get_order(order)).data)


class OrderRefunds(APIView):
    """Money given back for an order."""

    scope = "orders"

    @extend_schema(
        operation_id="order_refund", tags=["orders"], request=RefundIn, responses={200: RefundOut, 201: RefundOut}
    )
    @idempotent
    def post(self, request: Request, order: str) -> Response:
        """Record a refund: 201 when new, 200 when its reference was known.

        409 for more than was paid, for an unpaid or cancelled order, and for a known reference with other content.
        """
        refunded_order = _get_order(order)
        data = RefundIn.validate_record(request.data)
        lines = _refunded_lines(refunded_order, data.pop("lines", []))
        try:
            refund, is_new = services.record_refund(order=refunded_order, lines=lines, at=clock.now(), **data)
        except BadOrder as refusal:
            raise _validation_error(refusal) from refusal
        except services.RefundRefused as refusal:
            raise ConflictRefusal(str(refusal), code=_refusal_code(refusal)) from refusal
        return Response(RefundOut(refund).data, status=201 if is_new else 200)


def _refunded_lines(order: Order, data: list[dict[str, Any]]) -> list[services.RefundedLine]:
    """The lines that a refund names; one that the order does not have is a validation error naming its place."""
    return [
        services.RefundedLine(_find_line(order, index, line), line.get("amount"), line.get("quantity"))
        for index, line in enumerate(data)
    ]


def _find_line(order: Order, index: int, named: dict[str, Any]) -> OrderLine:
    names = [name for name in ("position", "line_ref", "sku") if name in named]
    if not names:
        raise ValidationError({f"lines.{index}": [_("Name the line by position, line_ref or sku.")]})
    for line in order.lines.all():
        known = {"position": line.position, "line_ref": line.line_ref, "sku": line.product.sku}
        if all(known[name] == named[name] for name in names):
            return line
    raise ValidationError({f"lines.{index}.{names[0]}": [_("The order has no such line.")]})


def _refusal_code(refusal: services.RefundRefused) -> str:
    """Also of a refusal that an upper area derives, by the refusal that it is."""
    return next(code for kind, code in REFUSAL_CODES.items() if isinstance(refusal, kind))


def _customer_id(reference: str) -> int:
    ids = customer_references.customer_ids_by_reference([reference])
    if reference not in ids:
        raise ValidationError({"customer": [_("There is no such customer.")]})
    return ids[reference]


def _get_order(public_id: str) -> Order:
    order = selectors.orders_for_api(public_id=public_id).first()
    if order is None:
        raise NotFound
    return order
