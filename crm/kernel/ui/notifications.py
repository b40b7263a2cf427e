"""Notices for staff: a bell with lines behind it. Each kind has its sentence, written in the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from crm.kernel.time import clock
from crm.kernel.ui.models import Notification

NotificationSentence = Callable[[dict[str, Any]], str]
notification_sentences: dict[str, tuple[str, NotificationSentence]] = {}


@dataclass(frozen=True)
class ReaderNotification:
    """A notification as its reader sees it."""

    icon: str
    text: str
    url: str
    at: datetime
    is_new: bool


def register_notification(kind: str, icon: str = "bell") -> Callable[[NotificationSentence], NotificationSentence]:
    """Register the sentence of a kind: a function of its data."""

    def keep(sentence: NotificationSentence) -> NotificationSentence:
        notification_sentences[kind] = (icon, sentence)
        return sentence

    return keep


def notify_users(user_ids: Iterable[int], kind: str, *, url: str = "", **data: Any) -> None:
    """Tell users something; `kind` names the sentence, `data` fills it."""
    now = clock.now()
    Notification.objects.bulk_create(
        Notification(user_id=user_id, kind=kind, url=url, data=data, created_at=now) for user_id in set(user_ids)
    )


def count_unread(user: User) -> int:
    """How many a person has not seen, counted up to 99."""
    return Notification.objects.filter(user=user, read_at=None)[:99].count()


def latest_notifications(user: User, limit: int) -> list[ReaderNotification]:
    """A person's notices, newest first, in one query."""
    return [
        _reader_notification(row)
        for row in Notification.objects.filter(user=user).order_by("-created_at", "-pk")[:limit]
    ]


def mark_all_read(user: User) -> None:
    """Everything up to now has been seen."""
    Notification.objects.filter(user=user, read_at=None).update(read_at=clock.now())


def _reader_notification(row: Notification) -> ReaderNotification:
    icon, sentence = notification_sentences.get(row.kind, ("bell", lambda data: row.kind))
    return ReaderNotification(icon, sentence(row.data), row.url, row.created_at, row.read_at is None)


@register_notification("job_finished", "activity")
def job_finished_sentence(data: dict[str, Any]) -> str:
    """What became of the work that somebody started."""
    state = data.get("state")
    if state == "done":
        return _("%(title)s is done.") % data
    if state == "cancelled":
        return _("%(title)s was stopped.") % data
    return _("%(title)s did not succeed.") % data
