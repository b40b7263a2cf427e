"""The day's work of one person: tasks, birthdays, and what upper apps count."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.kernel import access, clock
from customers.desk import sockets
from customers.profiles import selectors

MOST = 100


@access.require("customers.view")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Own tasks by day, this week's birthdays, and the counts that other apps offer."""
    day = clock.today(ZoneInfo(request.user.time_zone))
    tasks = list(selectors.tasks_of(request.user)[:MOST])
    tiles = [(tile, tile.count(request.user)) for tile in sockets.tiles if access.may(request.user, tile.permission)]
    context = {
        "day": day,
        "late": [task for task in tasks if task.due_on and task.due_on < day],
        "due": [task for task in tasks if task.due_on == day],
        "later": [task for task in tasks if task.due_on is None or task.due_on > day],
        "birthdays": selectors.birthdays(request.user, day),
        "tiles": tiles,
    }
    return render(request, "customers/desk/today.html", context)
