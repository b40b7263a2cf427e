"""Example data of care for the gallery and the rights matrix: a programme that is on, with customers in every state."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm.kernel import company
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.messaging import consent
from customers.orders import services as orders
from customers.profiles import services as profiles
from customers.profiles.models import Customer
from retention.care import defaults, goals, planner, services, step_runner
from retention.care.choices import ProgramState
from retention.care.models import CareProgram


def born_today(owner: User, count: int) -> list[Customer]:
    """Customers with a birthday today; most of them agreed to care mail."""
    now = clock.now()
    day = clock.today("Asia/Shanghai")
    made = []
    for number in range(count):
        customer = profiles.create_customer(
            display_name=f"林嘉怡 {number}", email=f"b{Customer.objects.count()}@example.com", birth_month=day.month, birth_day=day.day,
            time_zone="Asia/Shanghai", language="zh-hans", owner=owner, team=owner.team, at=now,
        )  # fmt: skip
        if number % 4:
            consent.give_consent(customer=customer, channel="email", topics=["care"], source="form", at=now)
        made.append(customer)
    return made


def running(owner: User, count: int = 12) -> CareProgram:
    """The birthday programme, on since 120 days ago, with entries of then that have bought or not."""
    _ready()
    program = CareProgram.objects.get(key="birthday")
    now = clock.now()
    if program.state == ProgramState.OFF:
        program = services.change_holdout(program=program, share=Decimal("0.3"), by=owner)
        services.start_program(program=program, at=now - timedelta(days=120), by=owner, smallest_effect=Decimal("0.03"))
    then = _planned_back(owner, count, days=100)
    for customer in then[::3]:
        line = orders.IncomingOrderLine("TEA", unit_price=Decimal(120), name="Wuyi tea")
        order = orders.IncomingOrder(
            "shop", f"care-{customer.pk}", customer.pk, now - timedelta(days=60), "CNY", (line,)
        )
        orders.record_order(order=order, at=now)
    goals.measure_goals([customer.pk for customer in then])
    return CareProgram.objects.get(pk=program.pk)


def _planned_back(owner: User, count: int, *, days: int) -> list[Customer]:
    with clock.move_clock(clock.now().replace(hour=4) - timedelta(days=days)):
        CareProgram.objects.filter(state=ProgramState.ON).update(planned_until=clock.now() - timedelta(minutes=1))
        customers = born_today(owner, count)
        planner.plan_due_programs(clock.now())
        step_runner.run_due_steps(clock.now())
        return customers


def program_of(owner: User) -> dict[str, Any]:
    """The URL arguments of a running programme."""
    return {"public_id": running(owner).public_id}


def program_off(owner: User) -> dict[str, Any]:
    """The URL arguments of a programme that waits for its review."""
    _ready()
    return {"public_id": CareProgram.objects.get(key="lapsed-buyer").public_id}


def more_people(owner: User, count: int) -> None:
    """So many more people in the running programme."""
    running(owner, count)


def _ready() -> None:
    """The programmes of a fresh start, in a company that has said where it is."""
    company.change_settings(company.CompanySettings, {"postal_address": "1 Evergreen Road, Shanghai"}, by=None)
    defaults.ensure_default_programs()
