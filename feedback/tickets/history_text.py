"""A ticket's moves in the reader's words."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.ui import languages
from feedback.tickets.choices import Author, Change, Priority, State
from feedback.tickets.models import TicketEvent


def told(event: TicketEvent) -> str:
    """One line of the history; empty for what goes without saying."""
    return {
        Change.OPENED: _opened,
        Change.STATE: _moved,
        Change.ASSIGNED: _assigned,
        Change.PRIORITY: _raised,
        Change.CUSTOMER: _linked,
    }[Change(event.change)](event)


def _words(event: TicketEvent, **more: Any) -> dict[str, Any]:
    return {"person": event.user, **more}


def _opened(event: TicketEvent) -> str:
    if "score" in event.data:
        words = languages.pick(event.data["score"], get_language() or "en")
        return _("Opened because of a low score: %(score)s") % {"score": words}
    if "after_ticket" in event.data:
        return _("Follows the closed ticket %(number)s") % {"number": event.data["after_ticket"]}
    return _("Opened by %(person)s") % _words(event) if event.user else ""


def _moved(event: TicketEvent) -> str:
    if event.data.get("by_reply") and event.after != State.SOLVED:
        return ""
    if event.after == State.SOLVED:
        return _("Solved by %(person)s") % _words(event) if event.user else _("Solved")
    if event.after == State.CLOSED:
        return _("Closed")
    if event.author == Author.CUSTOMER:
        return _("The customer wrote: open again") if event.before == State.SOLVED else ""
    return _("%(state)s, says %(person)s") % _words(event, state=State(event.after).label)


def _assigned(event: TicketEvent) -> str:
    if not event.after:
        return _("Given back to everybody by %(person)s") % _words(event)
    if event.after == str(event.user):
        return _("Taken by %(person)s") % _words(event)
    return _("Given to %(other)s by %(person)s") % _words(event, other=event.after)


def _raised(event: TicketEvent) -> str:
    return _("Priority %(priority)s, says %(person)s") % _words(event, priority=Priority(int(event.after)).label)


def _linked(event: TicketEvent) -> str:
    return _("%(person)s said whose ticket this is") % _words(event)
