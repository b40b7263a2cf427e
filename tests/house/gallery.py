"""The gallery of pages: each with example data, for the tests of queries, accessibility, languages and layout.

The pages stand in `tests/house/pages/<app>.py`; `docs/checklists/add-a-page.md` says how to add one.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from crm.kernel.people.models import Team, User
from tests.house.matrix import PUBLIC
from tests.house.routes import routes

PAGE = "page"
LIST = "list"
QUERIES_AT_MOST = {PAGE: 20, LIST: 5}


@dataclass(frozen=True)
class Page:
    """A page and what it shows.

    `at` makes what the page shows, belonging to the given person, and gives the arguments of the URL.
    A list says with `more` how its rows are made: so many more rows belonging to the given person.
    """

    route: str
    at: Callable[[User], dict[str, Any]] | None = None
    query: str = ""
    by: str = "admin"
    more: Callable[[User, int], None] | None = None

    @property
    def kind(self) -> str:
        return LIST if self.more else PAGE

    @property
    def is_public(self) -> bool:
        return self.by == PUBLIC

    def url(self, owner: User) -> str:
        kwargs = self.at(owner) if self.at else {}
        return routes()[self.route].url(kwargs) + self.query

    def __str__(self) -> str:
        return self.route + self.query


def pages() -> list[Page]:
    """The pages of every app."""
    return [page for module in _modules() for page in module.PAGES]


def not_pages() -> dict[str, str]:
    """Routes that answer a GET with something else than a page, each with what it is."""
    return {route: what for module in _modules() for route, what in module.NOT_PAGES.items()}


def person(role: str, team: Team) -> User:
    """Somebody of the staff who sees every record."""
    user = User(email=f"{role}@gallery.example", name="Gao Mei", role=role, scope="all", team=team)
    user.set_unusable_password()
    user.save()
    return user


def _modules() -> list[ModuleType]:
    package = importlib.import_module("tests.house.pages")
    return [
        importlib.import_module(f"tests.house.pages.{found.name}") for found in pkgutil.iter_modules(package.__path__)
    ]
