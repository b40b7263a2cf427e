"""Reads of one customer's profile, and of the day's work."""

from calendar import isleap
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from crm.kernel.auth.models import User
from customers.profiles import search
from customers.profiles.choices import TaskState
from customers.profiles.models import Customer, Task

MAX_DUPLICATES = 5
LEAP_DAY = (2, 29)


def has_customers() -> bool:
    """True once a customer was stored, whoever may see them. One query."""
    return Customer.objects.exists()


def customers_for_api(query: str = "") -> QuerySet[Customer]:
    """Customers who are not merged into others, with their external ids; those whom the search finds. Two queries."""
    rows = Customer.objects.filter(merged_into=None).prefetch_related("external_ids")
    return rows.filter(search.search_condition(query)) if query else rows


def possible_duplicates(*, email: str | None, phone: str | None, exclude: Customer | None = None) -> list[Customer]:
    """Current customers with the same e-mail or phone, up to five; one query."""
    same = Q(pk__in=[])
    if email:
        same |= Q(email__lower=email.lower())
    if phone:
        same |= Q(phone=phone)
    customers = Customer.objects.filter(same, merged_into=None)
    others = customers.exclude(pk=exclude.pk) if exclude else customers
    return list(others.order_by("pk")[:MAX_DUPLICATES]) if email or phone else []


def visible_customers_among(user: User, customers: Sequence[Customer]) -> set[Customer]:
    """Those of the customers who are in the user's scope. One query."""
    return set(Customer.objects.visible_to(user).filter(pk__in=[customer.pk for customer in customers]))


def open_tasks(customer: Customer) -> list[Task]:
    """The customer's open tasks with their owners, soonest first, up to twenty. One query."""
    tasks = Task.objects.filter(customer=customer, state=TaskState.OPEN).select_related("owner")
    return list(tasks.order_by("due_on", "pk")[:20])


def get_visible_task(user: User, public_id: str) -> Task | None:
    """The task, where its customer is in the user's scope. One query."""
    return Task.objects.filter(public_id=public_id, customer__in=Customer.objects.visible_to(user)).first()


def open_tasks_of_owner(user: User) -> QuerySet[Task]:
    """The user's open tasks with their customers, soonest first, those without a day last. One query."""
    mine = Task.objects.filter(owner=user, state=TaskState.OPEN, customer__merged_into=None)
    return mine.select_related("customer").order_by("due_on", "pk")


def customers_with_birthday(user: User, first: date, days: int = 7) -> list[Customer]:
    """Customers in the user's scope whose solar birthday falls into the coming days, in the order of the days. One query.

    29 February is kept on the 28th of a year without one. At most 200 are read.
    """
    dates = [first + timedelta(days=n) for n in range(days)]
    position = {(day.month, day.day): place for place, day in enumerate(dates)}
    if (2, 28) in position and LEAP_DAY not in position and not isleap(dates[position[2, 28]].year):
        position[LEAP_DAY] = position[2, 28]
    born_then = Q(pk__in=[])
    for month, day in position:
        born_then |= Q(birth_month=month, birth_day=day)
    customers = Customer.objects.visible_to(user).filter(born_then, archived_at=None, birthday_calendar="solar")
    return sorted(
        customers.select_related("owner")[:200],
        key=lambda customer: (position[customer.birth_month, customer.birth_day], customer.sort_key),  # type: ignore[index]
    )
