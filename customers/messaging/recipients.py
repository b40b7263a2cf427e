"""Customers as the door and the letters see them: nine columns, read by the thousand."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from customers.profiles.models import Customer


@dataclass(slots=True)
class MessageRecipient:
    """What is read of a customer to whom a message goes."""

    pk: int
    display_name: str
    given_name: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str
    archived_at: datetime | None
    merged_into_id: int | None


_COLUMNS = [field.name for field in fields(MessageRecipient)]


def recipients_by_id(ids: Sequence[int]) -> dict[int, MessageRecipient]:
    """Customers by the id that was asked for, in one query; merged ones are answered by their survivor."""
    rows = Customer.objects.filter(pk__any=set(ids)).values_list(*_COLUMNS)
    found = {row[0]: MessageRecipient(*row) for row in rows}
    gone = {pk: person.merged_into_id for pk, person in found.items() if person.merged_into_id}
    if gone:
        survivors = recipients_by_id(list(gone.values()))
        found |= {pk: survivors[into] for pk, into in gone.items()}
    return found
