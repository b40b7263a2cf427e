"""What an app hands to the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from customers.messaging.choices import MessageChannel


@dataclass(frozen=True)
class MessageDraft:
    """A message to one customer: a template with values, own texts per language with values, or a ready subject and
    Markdown text.

    (source_type, source_id, step, customer, occasion_key) is unique for ever: the occasion comes from business data
    (`birthday:2026`, `delivered:order:991`), never from the time of a run. Values are plain; numbers and dates are
    written in the reader's language, a dictionary {"en": …, "zh-hans": …} is picked from by it.
    """

    customer_id: int
    purpose: str
    topic: str
    source_type: str
    source_id: Any
    occasion_key: str
    step: str = ""
    channel: str = MessageChannel.EMAIL.value
    template_key: str = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    text: str = ""
    language: str = ""
    address: str = ""
    priority: int | None = None
    not_before: datetime | None = None
    deadline: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    by_id: int | None = None
    forced: bool = False

    @property
    def key(self) -> tuple[int, str, str, str, str]:
        return (self.customer_id, self.source_type, str(self.source_id), self.step, self.occasion_key)
