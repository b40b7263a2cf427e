"""The way through the product: sidebar, "New" menu, settings list and the pages of the palette.

`crm/config/navigation.py` says what stands in them; templates and the palette read them, so no page knows another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.kernel.auth import access

MAIN, RETAIN, FOOT, SETTINGS = "main", "retain", "foot", "settings"
GROUPS = (MAIN, RETAIN, FOOT, SETTINGS)


@dataclass(frozen=True)
class NavigationEntry:
    """A page that people go to: shown where its URL exists and its permission is held."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    permission: str = ""
    group: str = MAIN
    order: int = 50
    shortcut_key: str = ""  # the letter after G that leads here
    note: str | Promise = ""  # one line on the settings page


@dataclass(frozen=True)
class NewMenuAction:
    """A thing that can be begun from anywhere by the "New" menu."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    permission: str = ""
    order: int = 50


@dataclass(frozen=True)
class NavigationPlace:
    """An entry or action as one person sees it now."""

    key: str
    label: str
    icon: str
    url: str
    current: bool
    shortcut_key: str = ""
    note: str = ""
    search_words: str = ""


navigation_entries: list[NavigationEntry] = []
new_menu_actions: list[NewMenuAction] = []


def register_navigation(*new: NavigationEntry | NewMenuAction) -> None:
    """Add entries to the product's navigation, each key once."""
    for item in new:
        target: list[Any] = navigation_entries if isinstance(item, NavigationEntry) else new_menu_actions
        target[:] = sorted([old for old in target if old.key != item.key] + [item], key=lambda each: each.order)


def navigation_places(user: Any, path: str = "") -> dict[str, list[NavigationPlace]]:
    """What this person may open, by group and in order, and `every` of them; the one that holds `path` is current.

    A settings page is current in the settings' own list, and the settings themselves in the sidebar.
    """
    seen = [(entry, url) for entry in navigation_entries if (url := _url_open_to(user, entry))]
    here = {
        _nearest(path, (url for entry, url in seen if (entry.group == SETTINGS) == inner)) for inner in (True, False)
    }
    found: dict[str, list[NavigationPlace]] = {group: [] for group in (*GROUPS, "every")}
    for entry, url in seen:
        place = _build_place(entry, url, url in here)
        found[entry.group].append(place)
        found["every"].append(place)
    return found


def new_menu_places(user: Any) -> list[NavigationPlace]:
    """What this person may begin, in order."""
    return [_build_place(action, url, False) for action in new_menu_actions if (url := _url_open_to(user, action))]


def _url_open_to(user: Any, item: NavigationEntry | NewMenuAction) -> str:
    if item.permission and not access.has_permission(user, item.permission):
        return ""
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _nearest(path: str, urls: Iterable[str]) -> str:
    """The longest address that begins `path`; the front page only holds itself."""
    holding = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(holding, key=len, default="")


def _build_place(item: NavigationEntry | NewMenuAction, url: str, current: bool) -> NavigationPlace:
    return NavigationPlace(
        key=item.key,
        label=str(item.label),
        icon=item.icon,
        url=url,
        current=current,
        shortcut_key=getattr(item, "shortcut_key", ""),
        note=str(getattr(item, "note", "")),
        search_words=_search_words(item),
    )


@lru_cache(maxsize=256)
def _search_words(item: NavigationEntry | NewMenuAction) -> str:
    """The label in all languages: someone who works in Chinese may still type "orders", or "new order"."""
    labels = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            labels.append(f"{_('New')} {item.label}" if isinstance(item, NewMenuAction) else str(item.label))
    return " ".join(dict.fromkeys([*labels, item.key]))
