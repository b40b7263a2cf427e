"""The gallery of pages: each with example data, for the tests of queries, accessibility, languages and layout.

The pages stand in `tests/house/pages/<app>.py`; `docs/checklists/add-a-page.md` says how to add one.
"""

import importlib
import pkgutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from crm.kernel.auth.models import Team, User
from tests.house.matrix import PUBLIC
from tests.house.routes import routes

PAGE = "page"
LIST = "list"
QUERIES_AT_MOST = {PAGE: 20, LIST: 5}


@dataclass(frozen=True)
class Page:
    """A page and what it shows.

    `at` makes what the page shows, belonging to the given person, and gives the arguments of the URL.
    A list says with `more` how its rows are made: so many more rows belonging to the given person. A page in the
    middle of something says with `session` what the session of its visitor remembers.
    """

    route: str
    at: Callable[[User], dict[str, Any]] | None = None
    query: str = ""
    by: str = "admin"
    more: Callable[[User, int], None] | None = None
    session: Callable[[User], dict[str, Any]] | None = None

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
        """Tells pages of one route apart by what they show."""
        return f"{self.route}{self.query}" + (f" {self.at.__name__}" if self.at else "")


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


def session_of(page: Page, visitor: User) -> str | None:
    """The key of a session in which the visitor has just signed in; strangers get one only where the page wants it."""
    session = SessionStore()
    if not page.is_public:
        session[SESSION_KEY] = str(visitor.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = visitor.get_session_auth_hash()
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(visitor.pk)
    if page.session:
        session.update(page.session(visitor))
    if not session.keys():
        return None
    session.save()
    return session.session_key


def _modules() -> list[ModuleType]:
    package = importlib.import_module("tests.house.pages")
    return [
        importlib.import_module(f"tests.house.pages.{found.name}") for found in pkgutil.iter_modules(package.__path__)
    ]
