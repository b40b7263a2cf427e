"""What an event is: a frozen dataclass whose name and payload outlive the process that announced it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Self, get_origin, get_type_hints

event_types: dict[str, type[DomainEvent]] = {}
_fields_by_event: dict[str, dict[str, Callable[[Any], Any]]] = {}


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that happened to a batch of records, in one transaction.

    A subclass says in its docstring which records `ids` are, and adds the fields that its listeners need:

        @dataclass(frozen=True, kw_only=True)
        class TicketSolved(DomainEvent, name="ticket_solved"):
            solve: int

    Fields are texts, numbers, truth values, instants, or tuples and mappings of texts. One that is added later needs a
    default: rows of the release before may still wait for a listener.
    """

    name: ClassVar[str]

    ids: list[int]
    at: datetime
    live: bool = True  # False for history: it starts no care, survey, webhook or ticket
    event_id: int = 0  # of the stored row; listeners know it, announcers do not

    def __init_subclass__(cls, *, name: str) -> None:
        """Declare the event by its stored name; declaring a name twice is an error."""
        super().__init_subclass__()
        if name in event_types:
            raise ValueError(f"the event {name!r} is declared twice")
        cls.name = name
        event_types[name] = cls

    def payload(self) -> dict[str, Any]:
        """The subclass's own fields as JSON holds them."""
        return {name: _as_json(getattr(self, name)) for name in _own_fields(type(self))}

    @classmethod
    def from_row(cls, event_id: int, ids: list[int], live: bool, at: datetime, payload: Mapping[str, Any]) -> Self:
        """The event as it was announced; fields that this release does not know are left out."""
        own = {name: read(payload[name]) for name, read in _own_fields(cls).items() if name in payload}
        return cls(event_id=event_id, ids=ids, live=live, at=at, **own)


def _own_fields(event_type: type[DomainEvent]) -> dict[str, Callable[[Any], Any]]:
    """The fields that a subclass adds, each with what makes its value out of JSON; found once per event."""
    if event_type.name not in _fields_by_event:
        types = get_type_hints(event_type)
        shared = {field.name for field in fields(DomainEvent)}
        own = [field.name for field in fields(event_type) if field.name not in shared]
        _fields_by_event[event_type.name] = {name: _reader(types[name]) for name in own}
    return _fields_by_event[event_type.name]


def _reader(annotation: Any) -> Callable[[Any], Any]:
    if annotation is datetime:
        return datetime.fromisoformat
    return tuple if get_origin(annotation) is tuple else _unchanged


def _unchanged(value: Any) -> Any:
    return value


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
