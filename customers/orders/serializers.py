"""Orders as the API takes and returns them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from crm.kernel.api.serializers import InstantField, StrictSerializer
from customers.orders.choices import OrderOutcome, OrderStatus
from customers.orders.models import Order, OrderLine, Refund, RefundLine


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


class RefundLineOut(serializers.ModelSerializer[RefundLine]):
    position = serializers.IntegerField(
        source="line.position", default=None, allow_null=True, help_text="Null where the order has the line no more."
    )
    sku = serializers.CharField(source="product.sku")

    class Meta:
        model = RefundLine
        fields = ("position", "sku", "amount", "quantity")
        read_only_fields = fields


class RefundOut(serializers.ModelSerializer[Refund]):
    """Money given back, with the parts that it falls into and the lines that it names."""

    lines = RefundLineOut(many=True)

    class Meta:
        model = Refund
        fields = (
            "source_ref", "amount", "goods_amount", "gift_card_amount", "shipping_amount", "tax_amount", "lines",
            "reason", "refunded_at",
        )  # fmt: skip
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
            "goods_total", "shipping_total", "tax_total", "reward_discount", "points_discount", "total", "paid_goods",
            "refunded_total", "refunded_goods", "counts", "lines", "refunds",
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


class RefundLineIn(StrictSerializer):
    """A line of the order, by position, the source's line id or SKU. Without an amount: its share of what was paid."""

    position = serializers.IntegerField(required=False, min_value=1)
    line_ref = serializers.CharField(max_length=80, required=False)
    sku = serializers.CharField(max_length=80, required=False)
    amount = build_amount_field(min_value=Decimal("0.0001"), required=False)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3, required=False, min_value=Decimal("0.001"))


class RefundIn(StrictSerializer):
    """Money given back; `source_ref` makes it once. A sum alone is goods first, then shipping, then tax."""

    source_ref = serializers.CharField(max_length=80)
    amount = build_amount_field(
        min_value=Decimal("0.0001"), required=False, help_text="All of it; without one, the sum of the parts."
    )
    lines = RefundLineIn(many=True, required=False, max_length=2000)
    goods = build_amount_field(required=False, help_text="For goods of no certain line.")
    shipping = build_amount_field(required=False)
    tax = build_amount_field(required=False)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    refunded_at = InstantField(required=False)
