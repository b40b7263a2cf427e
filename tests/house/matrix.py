"""The matrix of rights (PL-10): every route × role × {own, another team's, missing}.

The rows stand in `tests/house/rights/<app>.py`; `docs/checklists/add-a-page.md` says how to add one.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client

from crm.kernel.api.scopes import SCOPES
from crm.kernel.api.services import create_api_key
from crm.kernel.auth import permissions
from crm.kernel.auth.models import Team, User
from tests.house.routes import Route

PUBLIC = "anybody"
SIGNED_IN = "anybody of the staff"

BY_SCOPE = "by record scope"  # own, team or all: another team's record looks like a missing one
PRIVATE = "its owner's alone"  # whatever the scope
SHARED = "everybody's who holds the permission"

NO_ROLE = "none"
REFUSED = {401, 403, 404, 405}
SAME_REQUEST = {"HTTP_X_REQUEST_ID": "rights-matrix"}


@dataclass(frozen=True)
class Row:
    """Who may use a route with a method.

    `permission` is a permission, several of them, PUBLIC or SIGNED_IN; an API route has `scope` instead.
    `at` makes a record that belongs to the given person and gives the arguments of the URL; `given` prepares
    the person who asks.
    """

    route: str
    permission: str | tuple[str, ...] = ""
    method: str = "get"
    at: Callable[[User], dict[str, Any]] | None = None
    reach: str = BY_SCOPE
    data: dict[str, Any] | None = None
    scope: str = ""
    missing: dict[str, Any] | None = None
    missing_status: int = 404
    given: Callable[[User], None] | None = None

    @property
    def permissions(self) -> tuple[str, ...]:
        if self.permission in (SIGNED_IN, PUBLIC, ""):
            return ()
        return (self.permission,) if isinstance(self.permission, str) else self.permission

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.route}"


def rows() -> list[Row]:
    """The rows of every app."""
    package = importlib.import_module("tests.house.rights")
    modules = [
        importlib.import_module(f"tests.house.rights.{found.name}") for found in pkgutil.iter_modules(package.__path__)
    ]
    return [row for module in modules for row in module.ROWS]


class World:
    """Three people: me, a colleague of my team, a stranger of another one; and a record of each."""

    def __init__(self, row: Row, route: Route) -> None:
        north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
        self.row, self.route = row, route
        self.me, self.colleague, self.stranger = (
            _person(name, team) for name, team in (("me", north), ("colleague", north), ("stranger", south))
        )
        make = row.at or (lambda owner: {})
        self.mine, self.colleagues, self.strangers = make(self.me), make(self.colleague), make(self.stranger)
        if row.given:
            row.given(self.me)
        self.missing = {**self.mine, **(route.missing_kwargs() if row.missing is None else row.missing)}
        self.anonymous, self.client = Client(), Client()
        self.client.force_login(self.me)

    def as_role(self, role: str, scope: str = "own") -> None:
        User.objects.filter(pk=self.me.pk).update(role=role, scope=scope)

    def ask(self, kwargs: dict[str, Any], *, client: Client | None = None, **headers: str) -> "Answer":
        """One request whose effects are undone."""
        sent: dict[str, Any] = {"data": self.row.data} if self.row.data is not None else {}
        if self.route.is_api and self.row.method != "get":
            sent |= {"content_type": "application/json", "data": self.row.data or {}}
        with transaction.atomic():
            call = getattr(client or self.client, self.row.method)
            response = call(self.route.url(kwargs), **sent, **SAME_REQUEST, **headers)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        return Answer(response.status_code, response.headers.get("Location", ""), _without_chance(body, kwargs))


@dataclass(frozen=True)
class Answer:
    """What came back, without what differs from one request to the next by chance."""

    status: int
    location: str
    body: bytes

    @property
    def is_login(self) -> bool:
        return self.status == 302 and "/login/" in self.location

    @property
    def is_open(self) -> bool:
        return self.status < 500 and self.status not in REFUSED and not self.is_login


def complaints(row: Row, route: Route) -> list[str]:
    """Everything in which a route does not keep to its row."""
    world = World(row, route)
    check = _of_api if route.is_api else _of_public if row.permission == PUBLIC else _of_staff
    return [*_declared(row, route), *check(world)]


def _declared(row: Row, route: Route) -> Iterator[str]:
    if not route.is_ours or route.is_api:
        return
    if not hasattr(route.view, "permissions"):
        yield "the view says nothing: give it @access.require(…), @access.signed_in or @access.public"
    elif route.view.permissions != (None if row.permission == PUBLIC else row.permissions):
        yield f"the view asks for {route.view.permissions}, the row for {row.permission}"


def _of_public(world: World) -> Iterator[str]:
    answer = world.ask(world.mine, client=world.anonymous)
    if not (answer.is_open or answer.is_login):
        yield f"a stranger gets {answer.status}"
    if world.missing != world.mine:
        answer = world.ask(world.missing, client=world.anonymous)
        if answer.status != world.row.missing_status:
            yield f"a stranger gets {answer.status} for a missing one instead of {world.row.missing_status}"


def _of_staff(world: World) -> Iterator[str]:
    if not (answer := world.ask(world.mine, client=world.anonymous)).is_login:
        yield f"a stranger gets {answer.status} instead of the way to sign in"
    for role in [*permissions.PERMISSIONS_BY_ROLE, NO_ROLE]:
        world.as_role(role)
        yield from (f"{role}, {complaint}" for complaint in _of_role(world, _holds(role, world.row)))
    if world.row.at:
        yield from _of_wider_scopes(world)


def _of_role(world: World, is_allowed: bool) -> Iterator[str]:
    mine = world.ask(world.mine)
    if not is_allowed:
        kinds = {"own": mine, "another team's": world.ask(world.strangers), "missing": world.ask(world.missing)}
        yield from (f"{kind}: {answer.status} instead of 403" for kind, answer in kinds.items() if answer.status != 403)
        return
    if not mine.is_open:
        yield f"own: {mine.status}"
    if not world.row.at:
        return
    other, missing = world.ask(world.strangers), world.ask(world.missing)
    if missing.status != 404:
        yield f"missing: {missing.status} instead of 404"
    yield from _compared(world.row, other, missing)


def _compared(row: Row, other: Answer, missing: Answer) -> Iterator[str]:
    if row.reach == SHARED:
        if not other.is_open:
            yield f"another team's: {other.status}, but it is shared"
    elif other.status != 404:
        yield f"another team's: {other.status} instead of 404"
    elif other.body != missing.body:
        yield "another team's: not the same bytes as a missing one"


def _of_wider_scopes(world: World) -> Iterator[str]:
    role = next((role for role in permissions.PERMISSIONS_BY_ROLE if _holds(role, world.row)), None)
    if role is None:
        yield "no role holds this permission"
        return
    open_to = {BY_SCOPE: {"team": (True, False), "all": (True, True)}, SHARED: {"own": (True, True)}}
    for scope, expected in open_to.get(world.row.reach, {"all": (False, False)}).items():
        world.as_role(role, scope)
        found = (world.ask(world.colleagues).is_open, world.ask(world.strangers).is_open)
        if found != expected:
            yield f"{role} of scope {scope}: (a colleague's, another team's) open {found} instead of {expected}"


def _of_api(world: World) -> Iterator[str]:
    key = _key([world.row.scope], world.me)
    others = _key([scope for scope in SCOPES if scope != world.row.scope], world.me)
    if (answer := world.ask(world.mine, client=world.anonymous)).status != 401:
        yield f"without a key: {answer.status} instead of 401"
    if (answer := world.ask(world.mine)).status != 401:
        yield f"with a session cookie: {answer.status} instead of 401"
    if (answer := world.ask(world.mine, client=world.anonymous, HTTP_AUTHORIZATION=others)).status != 403:
        yield f"with every other scope: {answer.status} instead of 403"
    if not (answer := world.ask(world.mine, client=world.anonymous, HTTP_AUTHORIZATION=key)).is_open:
        yield f"with {world.row.scope}: {answer.status}"
    if world.missing != world.mine:
        answer = world.ask(world.missing, client=world.anonymous, HTTP_AUTHORIZATION=key)
        if answer.status != world.row.missing_status:
            yield f"missing: {answer.status} instead of {world.row.missing_status}"


def _holds(role: str, row: Row) -> bool:
    return all(permissions.role_has_permission(role, permission) for permission in row.permissions)


def _person(name: str, team: Team) -> User:
    user = User(email=f"{name}@matrix.example", name=name.title(), team=team, role="admin", scope="own")
    user.set_unusable_password()
    user.save()
    return user


def _key(scopes: list[str], by: User) -> str:
    return f"Bearer {create_api_key(name='matrix', scopes=scopes, by=by)[1]}"


def _without_chance(body: bytes, kwargs: dict[str, Any]) -> bytes:
    for value in kwargs.values():
        body = body.replace(str(value).encode(), b"ID")
    return re.sub(rb"[A-Za-z0-9]{64}", b"TOKEN", body)
