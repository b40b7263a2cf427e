"""The today page: the user's tasks, birthdays of customers, and what upper apps count and show."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.time import clock
from customers.profiles import selectors
from customers.workspace import sockets

MAX_TASKS = 100


@access.require_permissions("customers.view")
@require_safe
def today(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Own tasks by day, this week's birthdays, and the tiles and cards of other apps."""
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
        "cards": _cards(request),
    }
    return render(request, "customers/workspace/today.html", context)


def _cards(request: AuthenticatedHttpRequest) -> list[tuple[str, dict[str, Any]]]:
    """(template, content) of the cards that the user may see and that have something to show."""
    cards = [card for card in sockets.today_cards if access.has_permission(request.user, card.permission)]
    contents = ((card.template, card.load(request.user)) for card in cards)
    return [(template, content) for template, content in contents if content is not None]
