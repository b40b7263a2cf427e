"""A customer with everything, for the matrix of rights and the gallery of pages."""

from decimal import Decimal
from itertools import count

from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.orders import services as orders
from customers.orders.models import Order
from customers.profiles import services
from customers.profiles.models import Customer, Task

_numbers = count(1)


def customer(owner: User) -> Customer:
    """Somebody whom the given person owns."""
    number = next(_numbers)
    return services.create_customer(
        at=clock.now(),
        by=owner,
        display_name=f"林嘉怡 {number}",
        email=f"lin{number}@example.com",
        phone=f"+86138{number:08d}",
        language="zh-hans",
        birth_month=6,
        birth_day=6,
        tags=["VIP"],
        owner=owner,
        team=owner.team,
        external_ids={"shop": f"CN-{number}"},
    )


def full_customer(owner: User) -> Customer:
    """Somebody with orders, tasks, dates, contacts and a timeline."""
    person = customer(owner)
    for day in range(3):
        order(owner, person, total=Decimal(100 + day))
    person.contact_points.create(kind="wechat", value="jiayi", label="WeChat")
    person.important_dates.create(name="结婚纪念日", month=10, day=1, year=2015)
    services.log_interaction(customer=person, kind="call", text="想要新的茶单。", at=clock.now(), by=owner)
    task(owner, person)
    return person


def task(owner: User, person: Customer | None = None) -> Task:
    """Something to do for a customer of the given person."""
    found = person or customer(owner)
    return services.create_task(
        customer=found, title="Call back", owner=owner, due_on=clock.today("UTC"), at=clock.now()
    )


def order(owner: User, person: Customer | None = None, total: Decimal = Decimal(120), currency: str = "CNY") -> Order:
    """An order of one line, of a customer of the given person."""
    found, now = person or customer(owner), clock.now()
    line = orders.IncomingOrderLine("TEA-1", unit_price=total, name="武夷岩茶 50 g", category="茶叶")
    data = orders.IncomingOrder(
        source="shop", number=f"EX-{next(_numbers):06}", customer_id=found.pk, placed_at=now, currency=currency,
        channel="store", store="静安店", lines=(line,),
    )  # fmt: skip
    return orders.record_order(order=data, at=now)[0]


def more_customers(owner: User, number: int) -> None:
    """So many customers more, each with an order."""
    for _each in range(number):
        order(owner)
