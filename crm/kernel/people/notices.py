"""Notices for staff: a bell with lines behind it."""

from collections.abc import Iterable
from typing import Any

from crm.kernel import clock
from crm.kernel.people.models import Notification


def send(user_ids: Iterable[int], kind: str, *, url: str = "", **data: Any) -> None:
    """Tell users something; `kind` names the sentence, `data` fills it."""
    now = clock.now()
    Notification.objects.bulk_create(
        Notification(user_id=user_id, kind=kind, url=url, data=data, created_at=now) for user_id in set(user_ids)
    )
