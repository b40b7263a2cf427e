"""What staff did themselves: calls, tasks, views that they kept, customers that they put away."""

import random
from datetime import datetime, timedelta
from typing import Any

from crm.kernel import company
from crm.kernel.time import clock
from crm.kernel.ui import languages
from crm.kernel.ui.listing import services as views
from crm.tools.demo import dialogues
from crm.tools.demo.example_staff import ExampleStaff
from customers.profiles import services as profiles
from customers.profiles.models import Customer, Task
from customers.profiles.services import finish_task, log_interaction

SAVED_VIEWS = (
    ("VIP 贵宾", "grade=A", True),
    ("90 天未回购 Quiet 90 days", "quiet=90&orders_min=2", True),
    ("香港 Hong Kong", "store=中環店+Central", False),
)


def create_staff_work(*, dice: random.Random, staff: ExampleStaff, now: datetime) -> None:
    """Calls of the last weeks, tasks overdue, due today and later, views for everybody."""
    owned = list(
        Customer.objects.filter(owner__isnull=False).select_related("owner").order_by("-summary__net_spend", "pk")[:240]
    )
    for customer in dice.sample(owned, min(70, len(owned))):
        _log_call(customer, dice, now)
    for customer in dice.sample(owned, min(48, len(owned))):
        _create_task(
            customer, dice.choice((customer.owner, customer.owner, staff["manager"], staff["admin"])), dice, now
        )
    for name, query, shared in SAVED_VIEWS:
        views.save_view(user=staff["manager"], listing="customers", name=name, query=query, at=now, shared=shared)
    for customer in Customer.objects.filter(summary__orders=1).order_by("pk")[:6]:
        profiles.archive_customer(customer=customer, at=now - timedelta(days=20), by=staff["admin"])


def _log_call(customer: Customer, dice: random.Random, now: datetime) -> None:
    kind = dice.choice(("call", "call", "visit", "chat", "note"))
    text = dice.choice(dialogues.CALL_NOTES[languages.match_language(customer.language)])
    at = now - timedelta(days=dice.randrange(40), hours=dice.randrange(1, 8))
    log_interaction(customer=customer, kind=kind, text=text, at=at, by=customer.owner)


def _create_task(customer: Customer, owner: Any, dice: random.Random, now: datetime) -> None:
    today = clock.today(company.get_company().time_zone)
    due_on = today + timedelta(days=dice.choice((-9, -3, -1, 0, 0, 0, 1, 2, 5, 12)))
    task = Task.objects.create(
        customer=customer,
        title=dice.choice(dialogues.TASK_TITLES[languages.match_language(owner.language)]),
        owner=owner,
        due_on=due_on,
        created_at=now - timedelta(days=14),
    )
    if dice.random() < 0.2:
        said = dice.choice(dialogues.CALL_NOTES[languages.match_language(customer.language)])
        finish_task(task=task, at=now - timedelta(days=1), by=owner, result=said)
