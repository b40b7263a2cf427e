"""What this app hears, and the nightly work that it registers."""

from datetime import datetime

from crm.kernel.background import events, scheduler
from crm.kernel.time import clock
from customers.orders.events import OrderCancelled, OrderChanged, OrderRecorded
from customers.orders.models import Order
from customers.profiles.events import CustomerChanged
from retention import audit_labels
from retention.care import defaults as care_defaults
from retention.care import listeners as care_rhythm
from retention.reports import services as reports
from retention.risk import services as risk

__all__ = [
    "archived_customers_are_no_risk",
    "audit_labels",
    "care_defaults",
    "care_rhythm",
    "customers_at_risk_are_counted",
    "orders_change_the_risk",
]


@scheduler.register_nightly("at_risk")
def customers_at_risk_are_counted(now: datetime) -> int:
    """Score everybody anew, for time has gone by, and write down today's count."""
    return reports.record_at_risk_day(at=now).customers


@events.register_listener(OrderRecorded, OrderChanged, OrderCancelled, later=True)
def orders_change_the_risk(event: OrderRecorded | OrderChanged | OrderCancelled) -> None:
    """Score anew who bought or whose order was undone; those of an import too."""
    risk.score_customers(
        at=clock.now(), customer_ids=Order.objects.filter(pk__any=event.ids).values_list("customer", flat=True)
    )


@events.register_listener(CustomerChanged, later=True)
def archived_customers_are_no_risk(event: CustomerChanged) -> None:
    """Score anew who was archived or came back."""
    if "archived_at" in event.fields:
        risk.score_customers(at=clock.now(), customer_ids=event.ids)
