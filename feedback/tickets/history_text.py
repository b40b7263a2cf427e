"""A ticket's moves in the reader's words."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.ui import languages
from feedback.tickets.choices import MessageAuthor, TicketChange, TicketPriority, TicketState
from feedback.tickets.models import TicketEvent


def history_line(event: TicketEvent) -> str:
    """One line of the history; empty for what goes without saying."""
    return {
        TicketChange.OPENED: _opened,
        TicketChange.STATE: _moved,
        TicketChange.ASSIGNED: _assigned,
        TicketChange.PRIORITY: _raised,
        TicketChange.CUSTOMER: _linked,
    }[TicketChange(event.change)](event)


def _event_words(event: TicketEvent, **more: Any) -> dict[str, Any]:
    return {"person": event.user, **more}


def _opened(event: TicketEvent) -> str:
    if "score" in event.data:
        words = languages.pick_text(event.data["score"], get_language() or "en")
        return _("Opened because of a low score: %(score)s") % {"score": words}
    if "after_ticket" in event.data:
        return _("Follows the closed ticket %(number)s") % {"number": event.data["after_ticket"]}
    return _("Opened by %(person)s") % _event_words(event) if event.user else ""


def _moved(event: TicketEvent) -> str:
    if event.data.get("by_reply") and event.after != TicketState.SOLVED:
        return ""
    if event.after == TicketState.SOLVED:
        return _("Solved by %(person)s") % _event_words(event) if event.user else _("Solved")
    if event.after == TicketState.CLOSED:
        return _("Closed")
    if event.author == MessageAuthor.CUSTOMER:
        return _("The customer wrote: open again") if event.before == TicketState.SOLVED else ""
    return _("%(state)s, says %(person)s") % _event_words(event, state=TicketState(event.after).label)


def _assigned(event: TicketEvent) -> str:
    if not event.after:
        return _("Given back to everybody by %(person)s") % _event_words(event)
    if event.after == str(event.user):
        return _("Taken by %(person)s") % _event_words(event)
    return _("Given to %(other)s by %(person)s") % _event_words(event, other=event.after)


def _raised(event: TicketEvent) -> str:
    return _("Priority %(priority)s, says %(person)s") % _event_words(
        event, priority=TicketPriority(int(event.after)).label
    )


def _linked(event: TicketEvent) -> str:
    return _("%(person)s said whose ticket this is") % _event_words(event)
