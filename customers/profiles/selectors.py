"""Reads of one customer's profile, and of the day's work."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from customers.profiles.choices import TaskState
from customers.profiles.models import Customer, Task

MAX_DUPLICATES = 5
LEAP_DAY = (2, 29)


def has_customers() -> bool:
    """Whether a customer was ever stored, whoever may see it. One query."""
    return Customer.objects.exists()


def possible_duplicates(*, email: str | None, phone: str | None, but: Customer | None = None) -> list[Customer]:
    """Current customers with the same e-mail or phone, up to five; one query."""
    same = Q(pk__in=[])
    if email:
        same |= Q(email__lower=email.lower())
    if phone:
        same |= Q(phone=phone)
    found = Customer.objects.filter(same, merged_into=None)
    others = found.exclude(pk=but.pk) if but else found
    return list(others.order_by("pk")[:MAX_DUPLICATES]) if email or phone else []


def open_tasks(customer: Customer) -> list[Task]:
    """What is to be done for a customer, soonest first."""
    tasks = Task.objects.filter(customer=customer, state=TaskState.OPEN).select_related("owner")
    return list(tasks.order_by("due_on", "pk")[:20])


def open_tasks_of_owner(user: Any) -> QuerySet[Task]:
    """A person's open tasks, soonest first, those without a day last."""
    mine = Task.objects.filter(owner=user, state=TaskState.OPEN, customer__merged_into=None)
    return mine.select_related("customer").order_by("due_on", "pk")


def customers_with_birthday(user: Any, first: date, days: int = 7) -> list[Customer]:
    """Customers in the person's scope whose solar birthday falls into the coming days, in the order of the days."""
    span = [first + timedelta(days=n) for n in range(days)]
    when = {(day.month, day.day): place for place, day in enumerate(span)}
    if (2, 28) in when and LEAP_DAY not in when and not _is_leap_year(span[when[2, 28]].year):
        when[LEAP_DAY] = when[2, 28]
    on = Q(pk__in=[])
    for month, day in when:
        on |= Q(birth_month=month, birth_day=day)
    seen = Customer.objects.visible_to(user).filter(on, archived_at=None, birthday_calendar="solar")
    people = list(seen.select_related("owner")[:200])
    return sorted(people, key=lambda person: (when[person.birth_month, person.birth_day], person.sort_key))  # type: ignore[index]


def _is_leap_year(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
