"""The day's work of one person: tasks, birthdays, and what upper apps count and show."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.time import clock
from customers.profiles import selectors
from customers.workspace import sockets

MAX_TASKS = 100


@access.require_permissions("customers.view")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Own tasks by day, this week's birthdays, and the counts and cards that other apps offer."""
    day = clock.today(ZoneInfo(request.user.time_zone))
    tasks = list(selectors.open_tasks_of_owner(request.user)[:MAX_TASKS])
    tiles = [
        (tile, tile.count(request.user))
        for tile in sockets.today_tiles
        if access.has_permission(request.user, tile.permission)
    ]
    late = [task for task in tasks if task.due_on and task.due_on < day]
    due = [task for task in tasks if task.due_on == day]
    context = {
        "day": day,
        "is_new": not selectors.has_customers(),
        "late": late,
        "due": due,
        "to_do": len(late) + len(due),
        "later": [task for task in tasks if task.due_on is None or task.due_on > day],
        "birthdays": selectors.customers_with_birthday(request.user, day),
        "tiles": tiles,
        "cards": [(card.template, given) for card, given in _card_contents(request) if given is not None],
    }
    return render(request, "customers/workspace/today.html", context)


def _card_contents(request: HttpRequest) -> list[tuple[sockets.TodayCard, dict[str, Any] | None]]:
    offered = [card for card in sockets.today_cards if access.has_permission(request.user, card.permission)]
    return [(card, card.load(request.user)) for card in offered]
