"""When risk is scored anew: after orders, and when customers are archived or come back."""

from crm.kernel.background import events
from crm.kernel.time import clock
from customers.orders.events import OrderCancelled, OrderChanged, OrderRecorded
from customers.orders.models import Order
from customers.profiles.events import CustomerChanged
from retention.risk import services


@events.register_listener(OrderRecorded, OrderChanged, OrderCancelled, later=True)
def orders_change_the_risk(event: OrderRecorded | OrderChanged | OrderCancelled) -> None:
    """Score anew who bought or whose order was undone; those of an import too."""
    services.score_customers(
        at=clock.now(), customer_ids=Order.objects.filter(pk__any=event.ids).values_list("customer", flat=True)
    )


@events.register_listener(CustomerChanged, later=True)
def archived_customers_are_no_risk(event: CustomerChanged) -> None:
    """Score anew who was archived or came back."""
    if "archived_at" in event.fields:
        services.score_customers(at=clock.now(), customer_ids=event.ids)
