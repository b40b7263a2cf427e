"""Choices of orders."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderStatus(models.TextChoices):
    PLACED = "placed", _("Placed")
    PAID = "paid", _("Paid")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")


# An order that is only placed is unpaid: it counts nowhere until it is paid.
COUNTING_STATUSES = (OrderStatus.PAID, OrderStatus.DELIVERED)


class OrderState(models.TextChoices):
    """What the state of an order in another system means here."""

    PAID = "paid", _("Paid")
    UNPAID = "unpaid", _("Not paid yet")
    DELIVERED = "delivered", _("Paid and delivered")
    CANCELLED = "cancelled", _("Cancelled")
    REFUNDED = "refunded", _("Refunded: all was given back")
    PARTLY_REFUNDED = "partly_refunded", _("Partly refunded")
    NOT_AN_ORDER = "not_an_order", _("No order: leave the row out")


# The status of an order in such a state; what went back is a refund of its own.
STATUS_OF_STATE = {
    OrderState.PAID: OrderStatus.PAID,
    OrderState.UNPAID: OrderStatus.PLACED,
    OrderState.DELIVERED: OrderStatus.DELIVERED,
    OrderState.CANCELLED: OrderStatus.CANCELLED,
    OrderState.REFUNDED: OrderStatus.PAID,
    OrderState.PARTLY_REFUNDED: OrderStatus.PAID,
}


class OrderOutcome(models.TextChoices):
    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
