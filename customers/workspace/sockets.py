"""Sockets of the customer page, the today page, drill-downs and the palette; `crm/config/composition.py` fills them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from crm.kernel.auth.models import User
from customers.profiles.models import Customer

# head: badges beside the name · action: buttons of the head · middle: above the timeline, the next best action
PanelPlace = Literal["head", "action", "left", "middle", "right"]


@dataclass(frozen=True)
class CustomerPanel:
    """A part of the customer page: `load` gives the template's context, or None to show nothing; few queries."""

    key: str
    title: Any
    template: str
    load: Callable[[Customer, User], dict[str, Any] | None]
    place: PanelPlace = "left"
    order: int = 50
    permission: str = "customers.view"


class BadDrilldownArguments(ValueError):
    """The drill-down's arguments make no sense; the message names the argument."""


@dataclass(frozen=True)
class DrilldownSource:
    """The customers behind a number: `/customers/?behind=<key>&…`. `ids` gives a queryset or SQL of customer ids."""

    key: str
    label: Callable[[dict[str, str]], str]
    ids: Callable[[dict[str, str], User], Any]
    permission: str = "customers.view"


@dataclass(frozen=True)
class TodayTile:
    """A number on the today page: how many things wait for the user, and the page that lists them."""

    key: str
    label: Any
    icon: str
    count: Callable[[User], int]
    url: Callable[[], str]
    permission: str = "customers.view"


@dataclass(frozen=True)
class TodayCard:
    """A card on the today page: `load` gives what its template knows as `card`, or None to show nothing."""

    key: str
    template: str
    load: Callable[[User], dict[str, Any] | None]
    permission: str = "customers.view"


@dataclass(frozen=True)
class PaletteHit:
    """A result in the palette."""

    title: str
    detail: str
    url: str
    icon: str


@dataclass(frozen=True)
class PaletteFinder:
    """A kind of results in the palette: `find` gives the few best for what is typed, in one query at most."""

    key: str
    label: Any
    find: Callable[[str, User], list[PaletteHit]]
    permission: str


@dataclass
class WorkspaceSockets:
    """All that is plugged in."""

    panels: list[CustomerPanel] = field(default_factory=list)
    drilldown_sources: dict[str, DrilldownSource] = field(default_factory=dict)
    tiles: list[TodayTile] = field(default_factory=list)
    cards: list[TodayCard] = field(default_factory=list)
    finders: list[PaletteFinder] = field(default_factory=list)


workspace_sockets = WorkspaceSockets()
customer_panels = workspace_sockets.panels
drilldown_sources = workspace_sockets.drilldown_sources
today_tiles = workspace_sockets.tiles
today_cards = workspace_sockets.cards
palette_finders = workspace_sockets.finders
