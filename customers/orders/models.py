"""Products, orders, lines, refunds, exchange rates, and the summary per customer."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel import money
from crm.kernel.db.public_ids import PublicIdField
from customers.orders.choices import OrderStatus
from customers.profiles.models import Customer


class Product(models.Model):
    """Something that is sold; the SKU identifies it."""

    public_id = PublicIdField("pr")
    sku = models.CharField(_("SKU"), max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=255)
    names = models.JSONField(default=dict, blank=True, help_text=_("Name per language"))
    category = models.CharField(_("Category"), max_length=120, blank=True)
    list_price = money.money_field(null=True, blank=True, verbose_name=_("List price"))
    unit_cost = money.money_field(null=True, blank=True, verbose_name=_("Unit cost"))
    is_gift_card = models.BooleanField(_("Gift card"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["category", "name"], name="product_by_category")]

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    """A purchase; its number is unique in its source. Amounts are in its own currency."""

    public_id = PublicIdField("or")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders")
    source = models.CharField(_("Source"), max_length=40)
    number = models.CharField(_("Number"), max_length=80)
    placed_at = models.DateTimeField(_("Placed"))
    status = models.CharField(_("Status"), max_length=9, choices=OrderStatus.choices, default=OrderStatus.PAID)
    channel = models.CharField(_("Channel"), max_length=40, blank=True)
    store = models.CharField(_("Store"), max_length=80, blank=True)
    fulfilment = models.CharField(_("Fulfilment"), max_length=40, blank=True)
    currency = models.CharField(_("Currency"), max_length=3)
    base_rate = models.DecimalField(
        max_digits=18, decimal_places=8, default=1, help_text="Base currency per unit, of the day."
    )
    rate_is_known = models.BooleanField(
        default=True, db_default=True, help_text="No: it counts one to one until a rate of its day is stored."
    )
    goods_total = money.money_field(
        help_text="Sum of the lines: goods net of discounts. This is the revenue of reports."
    )
    shipping_total = money.money_field(default=0)
    tax_total = money.money_field(default=0)
    reward_discount = money.money_field(
        default=0, help_text="Paid by rewards or coupons of the programme: earns nothing."
    )
    points_discount = money.money_field(default=0, help_text="Paid with points: earns nothing.")
    total = money.money_field(help_text="What the customer owes: goods + shipping + tax − rewards − points.")
    refunded_total = money.money_field(default=0)
    live = models.BooleanField(default=True)
    content_digest = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("source", "number", name="order_number_once")]
        indexes = [
            models.Index(
                fields=["customer", "placed_at"],
                include=["goods_total", "refunded_total", "base_rate", "status"],
                name="order_of_customer",
            ),
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["number"], name="order_by_number", opclasses=["text_pattern_ops"]),
            # Lists of a store's or a channel's orders, and which stores and channels there are.
            models.Index(fields=["store", "-placed_at", "-id"], condition=~models.Q(store=""), name="order_of_store"),
            models.Index(
                fields=["channel", "-placed_at", "-id"], condition=~models.Q(channel=""), name="order_of_channel"
            ),
            models.Index(fields=["currency"], condition=models.Q(rate_is_known=False), name="order_without_rate"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def refundable_amount(self) -> Decimal:
        """What can still be given back for the goods."""
        return self.goods_total - self.refunded_total


class OrderLine(models.Model):
    """A line is an order and a position, or the source's own line id: the same product may stand twice."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    line_ref = models.CharField(max_length=80, blank=True)
    product = models.ForeignKey(Product, models.PROTECT, related_name="lines")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_price = money.money_field()
    discount = money.money_field(default=0)
    tax = money.money_field(default=0)
    total = money.money_field(help_text="Net of discount.")

    class Meta:
        constraints = [models.UniqueConstraint("order", "position", name="order_line_once")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"


class Refund(models.Model):
    """Money given back for an order or one of its lines; unique by the source's reference."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    line = models.ForeignKey(OrderLine, models.SET_NULL, null=True, related_name="+")
    source_ref = models.CharField(max_length=80)
    amount = money.money_field()
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    refunded_at = models.DateTimeField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("order", "source_ref", name="refund_once"),
            models.CheckConstraint(name="refund_positive", condition=models.Q(amount__gt=0)),
        ]
        indexes = [models.Index(fields=["refunded_at"], name="refund_by_time")]

    def __str__(self) -> str:
        return self.source_ref


class ExchangeRate(models.Model):
    """What one unit of a currency was worth in the base currency from a day on."""

    currency = models.CharField(max_length=3)
    day = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints = [models.UniqueConstraint("currency", "day", name="rate_once_a_day")]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}: {self.rate}"


class CustomerSummary(models.Model):
    """A customer's orders in one row, kept right by every order write; amounts in the base currency."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="summary")
    orders = models.PositiveIntegerField(default=0)
    net_spend = money.money_field(default=0)
    average_order = money.money_field(default=0)
    first_order_at = models.DateTimeField(null=True)
    last_order_at = models.DateTimeField(null=True)
    gap_days = models.DecimalField(max_digits=10, decimal_places=2, null=True, help_text="Mean days between orders.")
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-last_order_at", "-customer"], name="summary_by_last_order"),
            models.Index(fields=["-net_spend", "-customer"], name="summary_by_spend"),
            models.Index(fields=["-orders", "-customer"], name="summary_by_orders"),
        ]

    def __str__(self) -> str:
        return f"{self.orders} orders"
