"""A purchase is the goal: it counts for both arms, ends the way, and takes back what has not gone out."""

from datetime import timedelta

import pytest

from crm.kernel.background.events import delivery
from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from customers.orders import services as orders
from retention.care import planner, step_runner
from retention.care.models import Enrollment


def lapse(at, reader, make_order):
    """A purchase on 1 January; the clock stands 90 days later, in the morning."""
    at("2026-01-01T10:00:00+08:00")
    make_order(reader)
    at("2026-04-01T10:00:00+08:00")


def hear():
    """Deliver events that are heard later."""
    delivery.deliver_due_events(clock.now() + timedelta(seconds=1))


def test_purchase_before_the_step_ends_the_way(at, make_reader, make_order, turn_on):
    reader = make_reader()
    lapse(at, reader, make_order)
    turn_on("lapsed-buyer")
    planner.plan_due_programs(clock.now())
    order = make_order(reader)

    step_runner.run_due_steps(clock.now())

    enrollment = Enrollment.objects.get()
    assert (enrollment.state, enrollment.reason, enrollment.goal_order) == ("exited", "goal", order)
    assert not OutboundMessage.objects.exists()


@pytest.mark.rule("RC-2", "S89")
def test_purchase_takes_back_a_message_that_waits(at, make_reader, make_order, turn_on):
    reader = make_reader()
    lapse(at, reader, make_order)
    turn_on("lapsed-buyer")
    planner.plan_due_programs(clock.now())
    step_runner.run_due_steps(clock.now())
    make_order(reader)

    hear()

    message, enrollment = OutboundMessage.objects.get(), Enrollment.objects.get()
    assert (message.state, message.reason) == ("dropped", "recalled")
    assert (enrollment.state, enrollment.reason) == ("exited", "goal")


@pytest.mark.rule("RC-6", "RM-30")
def test_both_arms_reach_the_goal_alike(at, make_reader, make_order, turn_on):
    at("2026-03-10T08:00:00+08:00")
    readers = [make_reader(f"Reader {n}", birthday=(3, 10)) for n in range(20)]
    turn_on("birthday", holdout="0.5")
    at("2026-03-10T10:00:00+08:00")
    planner.plan_due_programs(clock.now())
    at("2026-04-10T10:00:00+08:00")
    for reader in readers:
        make_order(reader)

    hear()

    assert set(Enrollment.objects.values_list("arm", flat=True)) == {"treated", "held_out"}
    assert not Enrollment.objects.filter(goal_reached_at=None).exists()
    assert not OutboundMessage.objects.filter(
        customer__in=Enrollment.objects.filter(arm="held_out").values("customer")
    ).exists()


@pytest.mark.rule("RM-30")
def test_only_purchases_inside_the_window_count(at, make_reader, make_order, turn_on):
    at("2026-03-10T10:00:00+08:00")
    before, inside, after = (make_reader(name, birthday=(3, 10)) for name in ("Before", "Inside", "After"))
    turn_on("birthday")
    planner.plan_due_programs(clock.now())
    at("2026-07-01T10:00:00+08:00")
    entered = Enrollment.objects.first().entered_at
    make_order(before, placed_at=entered - timedelta(seconds=1))
    make_order(inside, placed_at=entered + timedelta(days=90) - timedelta(seconds=1))
    make_order(after, placed_at=entered + timedelta(days=90))

    hear()

    assert list(Enrollment.objects.exclude(goal_order=None).values_list("customer", flat=True)) == [inside.pk]


def test_cancelled_purchase_unmakes_the_goal(at, make_reader, make_order, turn_on):
    at("2026-03-10T10:00:00+08:00")
    reader = make_reader(birthday=(3, 10))
    turn_on("birthday")
    planner.plan_due_programs(clock.now())
    at("2026-03-12T10:00:00+08:00")
    first, second = make_order(reader), make_order(reader)
    hear()
    orders.cancel_order(order=first, at=clock.now())

    hear()

    assert Enrollment.objects.get().goal_order == second
