"""Products, orders, lines, refunds, exchange rates, and the summary per customer."""

from decimal import Decimal

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel import money
from crm.kernel.db.public_ids import PublicIdField
from customers.orders.choices import COUNTING_STATUSES, OrderStatus
from customers.profiles.models import Customer


def counting_orders(prefix: str = "") -> models.Q:
    """The condition that an order counts (`Order.counts`); the prefix leads to it, as in `order__`."""
    return models.Q((f"{prefix}status__in", COUNTING_STATUSES), (f"{prefix}rate_is_known", True))


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

    @property
    def local_name(self) -> str:
        """The name in the language of who reads."""
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """The name in that language; where it has none there, the name that the source gave."""
        return self.names.get(language) or self.name


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
        default=True, db_default=True, help_text="No: it counts nowhere until a rate of its day is stored."
    )
    goods_total = money.money_field(help_text="Sum of the lines: goods net of their own discounts.")
    gift_card_total = money.money_field(
        default=0, db_default=0, help_text="Lines that sell gift cards: stored value is owed and no revenue."
    )
    paid_goods = money.money_field(
        default=0,
        db_default=0,
        help_text="Goods less gift cards, rewards and points: the base of spend, revenue, tiers and points.",
    )
    shipping_total = money.money_field(default=0)
    tax_total = money.money_field(default=0)
    reward_discount = money.money_field(
        default=0, help_text="Paid by rewards or coupons of the programme: earns nothing."
    )
    points_discount = money.money_field(default=0, help_text="Paid with points: earns nothing.")
    total = money.money_field(help_text="What the customer owes: goods + shipping + tax − rewards − points.")
    refunded_total = money.money_field(default=0, help_text="All money given back, whatever for.")
    refunded_goods = money.money_field(
        default=0, db_default=0, help_text="What refunds take off the paid goods as the order now stands."
    )
    refunds_left_out = money.money_field(
        default=0, db_default=0, help_text="Money given back for what the order's present content leaves out."
    )
    live = models.BooleanField(default=True)
    content_digest = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("source", "number", name="order_number_once"),
            models.CheckConstraint(
                name="refunded_goods_were_paid",
                condition=models.Q(refunded_goods__gte=0, refunded_goods__lte=models.F("paid_goods")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "placed_at"],
                include=["paid_goods", "refunded_goods", "base_rate", "status", "rate_is_known"],
                name="order_spend_of_customer",
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
    def counts(self) -> bool:
        """Whether it is in spend, figures, points and tiers: it is paid, and the rate of its day is known."""
        return self.status in COUNTING_STATUSES and self.rate_is_known

    @property
    def money_paid(self) -> Decimal:
        """What was ever paid in money, also for what was given back and left out of the order since."""
        return self.total + self.refunds_left_out

    @property
    def refundable_amount(self) -> Decimal:
        """The money that can still be given back."""
        return max(self.money_paid - self.refunded_total, money.ZERO)

    @property
    def net_goods(self) -> Decimal:
        """Paid goods less what was given back for them."""
        return self.paid_goods - self.refunded_goods


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
    """Money given back for an order, split into what it was given for; unique by the source's reference."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    source_ref = models.CharField(max_length=80)
    amount = money.money_field(help_text="Money really given back: the sum of the parts.")
    goods_amount = money.money_field(default=0, help_text="For paid goods.")
    gift_card_amount = money.money_field(default=0, help_text="For gift cards that the order sold.")
    shipping_amount = money.money_field(default=0)
    tax_amount = money.money_field(default=0)
    left_out_amount = money.money_field(default=0, help_text="What a later content of the order leaves out.")
    left_out_goods = money.money_field(default=0, help_text="The same, of the paid goods.")
    order_content = models.JSONField(default=dict, help_text="What the order held when the money was given back.")
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    refunded_at = models.DateTimeField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("order", "source_ref", name="refund_once"),
            models.CheckConstraint(name="refund_positive", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="refund_has_parts",
                condition=models.Q(
                    amount=models.F("goods_amount")
                    + models.F("gift_card_amount")
                    + models.F("shipping_amount")
                    + models.F("tax_amount")
                ),
            ),
        ]
        indexes = [models.Index(fields=["refunded_at"], name="refund_by_time")]

    def __str__(self) -> str:
        return self.source_ref


class RefundLine(models.Model):
    """A line of the order that a refund names, with the money given back for it.

    The product stays when a later content of the order leaves the line out.
    """

    refund = models.ForeignKey(Refund, models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, models.SET_NULL, null=True, related_name="refund_lines")
    line_key = models.CharField(max_length=90, help_text="Finds the line in every content of the order.")
    product = models.ForeignKey(Product, models.PROTECT, related_name="refund_lines")
    amount = money.money_field()
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True)

    def __str__(self) -> str:
        return f"{self.refund_id}/{self.line_key}"


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
    purchase_days = models.PositiveIntegerField(default=0, db_default=0, help_text="Local days with an order.")
    gap_days = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, help_text="Mean days from one to the next, from three of them on."
    )
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-last_order_at", "-customer"], name="summary_by_last_order"),
            models.Index(fields=["-net_spend", "-customer"], name="summary_by_spend"),
            models.Index(fields=["-orders", "-customer"], name="summary_by_orders"),
        ]

    def __str__(self) -> str:
        return f"{self.orders} orders"
