"""Sockets of the customer page, of drill-downs and of the palette: upper apps offer, `crm/config/composition.py` fills them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from customers.profiles.models import Customer

# head: badges beside the name · action: buttons of the head · middle: above the timeline, the next best action
Place = Literal["head", "action", "left", "middle", "right"]


@dataclass(frozen=True)
class Panel:
    """A part of the customer page: `load` gives the template's context, or None to show nothing; few queries."""

    key: str
    title: Any
    template: str
    load: Callable[[Customer, Any], dict[str, Any] | None]
    place: Place = "left"
    order: int = 50
    permission: str = "customers.view"


class BadArguments(ValueError):
    """The drill-down's arguments make no sense; the message names the argument."""


@dataclass(frozen=True)
class Behind:
    """The customers behind a number: `/customers/?behind=<key>&…`. `ids` gives a queryset or SQL of customer ids."""

    key: str
    label: Callable[[dict[str, str]], str]
    ids: Callable[[dict[str, str], Any], Any]
    permission: str = "customers.view"


@dataclass(frozen=True)
class Tile:
    """A number on the page of the day: how many wait for this person, and where they are."""

    key: str
    label: Any
    icon: str
    count: Callable[[Any], int]
    url: Callable[[], str]
    permission: str = "customers.view"


@dataclass(frozen=True)
class Card:
    """A card on the page of the day: `load` gives what its template knows as `given`, or None to show nothing."""

    key: str
    template: str
    load: Callable[[Any], dict[str, Any] | None]
    permission: str = "customers.view"


@dataclass(frozen=True)
class Hit:
    """Something that the palette found."""

    title: str
    beside: str
    url: str
    icon: str


@dataclass(frozen=True)
class Finder:
    """A kind of thing that the palette finds: `find` gives the few best for what is typed, in one query at most."""

    key: str
    label: Any
    find: Callable[[str, Any], list[Hit]]
    permission: str


@dataclass
class Sockets:
    """All that was plugged in."""

    panels: list[Panel] = field(default_factory=list)
    behind: dict[str, Behind] = field(default_factory=dict)
    tiles: list[Tile] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    finders: list[Finder] = field(default_factory=list)


plugged = Sockets()
panels = plugged.panels
behind = plugged.behind
tiles = plugged.tiles
cards = plugged.cards
finders = plugged.finders
