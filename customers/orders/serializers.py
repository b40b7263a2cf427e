"""Orders as the API takes and returns them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from crm.kernel.api.serializers import InstantField, StrictSerializer
from customers.orders.choices import OrderOutcome, OrderStatus
from customers.orders.models import Order, OrderLine, Refund


def build_amount_field(**kwargs: Any) -> serializers.DecimalField:
    """A sum of money, not below 0: up to four decimals, as a string."""
    return serializers.DecimalField(**{"max_digits": 18, "decimal_places": 4, "min_value": Decimal(0), **kwargs})


class OrderLineIn(StrictSerializer):
    """One line; `total` is net of discount and by default quantity × unit price − discount."""

    sku = serializers.CharField(max_length=80)
    name = serializers.CharField(max_length=255, required=False, allow_blank=True, default="")
    category = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3, default=Decimal(1))
    unit_price = build_amount_field(default=Decimal(0))
    discount = build_amount_field(default=Decimal(0))
    tax = build_amount_field(default=Decimal(0))
    total = build_amount_field(required=False, allow_null=True, default=None)
    line_ref = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class OrderIn(StrictSerializer):
    """A whole order: source and number identify it, and sending it again updates it."""

    source = serializers.CharField(max_length=40)
    number = serializers.CharField(max_length=80)
    customer = serializers.CharField(max_length=200, help_text="A public id, or `external:source:value`.")
    placed_at = InstantField()
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    status = serializers.ChoiceField(choices=OrderStatus.choices, default=OrderStatus.PAID)
    channel = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    store = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    fulfilment = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    shipping_total = build_amount_field(default=Decimal(0))
    tax_total = build_amount_field(default=Decimal(0))
    reward_discount = build_amount_field(default=Decimal(0))
    points_discount = build_amount_field(default=Decimal(0))
    lines = OrderLineIn(many=True, allow_empty=False, max_length=2000)


class OrderLineOut(serializers.ModelSerializer[OrderLine]):
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")

    class Meta:
        model = OrderLine
        fields = ("position", "line_ref", "sku", "name", "quantity", "unit_price", "discount", "tax", "total")
        read_only_fields = fields


class RefundOut(serializers.ModelSerializer[Refund]):
    class Meta:
        model = Refund
        fields = ("source_ref", "amount", "reason", "refunded_at")
        read_only_fields = fields


class OrderOut(serializers.ModelSerializer[Order]):
    """An order with its lines and refunds."""

    id = serializers.CharField(source="public_id")
    customer = serializers.CharField(source="customer.public_id")
    lines = OrderLineOut(many=True)
    refunds = RefundOut(many=True)

    class Meta:
        model = Order
        fields = (
            "id", "customer", "source", "number", "placed_at", "status", "channel", "store", "fulfilment", "currency",
            "goods_total", "shipping_total", "tax_total", "reward_discount", "points_discount", "total", "refunded_total",
            "lines", "refunds",
        )  # fmt: skip
        read_only_fields = fields


class OrderSaveResult(serializers.Serializer[Any]):
    """What became of one order of a call."""

    id = serializers.CharField()
    number = serializers.CharField()
    outcome = serializers.ChoiceField(choices=OrderOutcome.choices)
    warnings = serializers.ListField(child=serializers.CharField(), help_text="Taken all the same.")


class OrderRefusal(serializers.Serializer[Any]):
    """An order that was not taken, and why."""

    index = serializers.IntegerField()
    attr = serializers.CharField()
    detail = serializers.CharField()


class OrderBulkOut(serializers.Serializer[Any]):
    """One outcome per order, in the order of the call; refused ones by their index."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    results = OrderSaveResult(many=True)
    refused = OrderRefusal(many=True)


class RefundIn(StrictSerializer):
    """Money given back; `source_ref` makes it once."""

    source_ref = serializers.CharField(max_length=80)
    amount = build_amount_field(min_value=Decimal("0.0001"))
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    refunded_at = InstantField(required=False)
