"""What the minute and the events cause: planning, steps, goals."""

from datetime import datetime

from crm.kernel.background import events, scheduler
from crm.kernel.time import clock
from customers.messaging.events import MessagesAccepted
from customers.orders.events import OrderCancelled, OrderChanged, OrderRecorded
from customers.orders.models import Order
from retention.care import goals, planner, step_runner


@scheduler.register_every_minute("care")
def programs_are_planned(now: datetime) -> int:
    """Enter who is due, do the steps that are due, close what has ended."""
    entered = planner.plan_due_programs(now)
    return (
        sum(run_counts.eligible for run_counts in entered.values())
        + step_runner.run_due_steps(clock.now())
        + step_runner.close_ended_enrollments(clock.now())
    )


# Also orders of an import: when both arms are measured by when people bought, it does not matter how we learn of it.
@events.register_listener(OrderRecorded, OrderChanged, OrderCancelled, later=True)
def purchases_reach_goals(event: OrderRecorded | OrderChanged | OrderCancelled) -> None:
    """Measure the goal of who bought, and end the way of who needs no reminder any more."""
    customers = list(Order.objects.filter(pk__in=event.ids).values_list("customer_id", flat=True).distinct())
    goals.measure_goals(customers)
    goals.exit_enrollments_on_goal(customers, clock.now())


@events.register_listener(MessagesAccepted, later=True)
def accepted_messages_close_their_entry(event: MessagesAccepted) -> None:
    """A message that the mail server has ends its customer's way."""
    step_runner.close_ended_enrollments(clock.now())
