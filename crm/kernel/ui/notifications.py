"""Notices for staff: a bell with lines behind it. Each kind has its sentence, written in the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.auth.models import Notification, User
from crm.kernel.time import clock

Sentence = Callable[[dict[str, Any]], str]
sentences: dict[str, tuple[str, Sentence]] = {}


@dataclass(frozen=True)
class Notice:
    """A notification as its reader sees it."""

    icon: str
    text: str
    url: str
    at: datetime
    is_new: bool


def says(kind: str, icon: str = "bell") -> Callable[[Sentence], Sentence]:
    """Register the sentence of a kind: a function of its data."""

    def keep(sentence: Sentence) -> Sentence:
        sentences[kind] = (icon, sentence)
        return sentence

    return keep


def send(user_ids: Iterable[int], kind: str, *, url: str = "", **data: Any) -> None:
    """Tell users something; `kind` names the sentence, `data` fills it."""
    now = clock.now()
    Notification.objects.bulk_create(
        Notification(user_id=user_id, kind=kind, url=url, data=data, created_at=now) for user_id in set(user_ids)
    )


def unread(user: User) -> int:
    """How many a person has not seen, counted up to 99."""
    return Notification.objects.filter(user=user, read_at=None)[:99].count()


def latest(user: User, limit: int) -> list[Notice]:
    """A person's notices, newest first, in one query."""
    return [_notice(row) for row in Notification.objects.filter(user=user).order_by("-created_at", "-pk")[:limit]]


def read_all(user: User) -> None:
    """Everything up to now has been seen."""
    Notification.objects.filter(user=user, read_at=None).update(read_at=clock.now())


def _notice(row: Notification) -> Notice:
    icon, sentence = sentences.get(row.kind, ("bell", lambda data: row.kind))
    return Notice(icon, sentence(row.data), row.url, row.created_at, row.read_at is None)


@says("job_finished", "activity")
def job_finished(data: dict[str, Any]) -> str:
    """What became of the work that somebody started."""
    state = data.get("state")
    if state == "done":
        return _("%(title)s is done.") % data
    if state == "cancelled":
        return _("%(title)s was stopped.") % data
    return _("%(title)s did not succeed.") % data
