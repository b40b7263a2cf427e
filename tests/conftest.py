"""Fixtures of every test: people by role, the product's clock, customers and orders."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import settings as hypothesis

from crm.kernel.auth.models import Team, User
from crm.kernel.http import request_memo
from crm.kernel.time import clock
from crm.tools.i18n import compilation

# On a busy machine an example may take any time; what is slow is measured by bin/bench.
hypothesis.register_profile("crm", deadline=None)
hypothesis.load_profile("crm")


def pytest_sessionstart() -> None:
    compilation.compile_catalogs()
    _have_own_cache()
    # A good hash takes half a second on purpose; what is tested is who gets in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files go first, so that two processes end at about the same time."""
    tests_of = Counter(item.path for item in items)
    long = {item.path for item in items if any(map(item.get_closest_marker, ("browser", "fault", "slow")))}
    items.sort(key=lambda item: (item.path not in long, -tests_of[item.path]))


def _have_own_cache() -> None:
    """Many tests empty the cache; those that run beside them in another process must not lose what they counted."""
    place = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if place and settings.REDIS_URL:
        settings.REDIS_URL = urlsplit(settings.REDIS_URL)._replace(path=f"/{1 + int(place)}").geturl()
        settings.CACHES["default"]["LOCATION"] = settings.REDIS_URL


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What an earlier test set is undone in the database; nobody remembers it either."""
    request_memo.clear_all_memos()


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """A user of a role: `make_user("sales", scope="team", team=team)`."""

    def make(role: str = "admin", **fields: Any) -> User:
        number = User.objects.count() + 1
        fields = {"email": f"{role}{number}@staff.example", "name": f"{role.title()} {number}", **fields}
        user = User(role=role, **fields)
        user.set_unusable_password()
        user.save()
        return user

    return make


@pytest.fixture
def make_team(db: None) -> Callable[..., Team]:
    """A team by name."""
    return lambda name="North": Team.objects.get_or_create(name=name)[0]


@pytest.fixture
def client_as(make_user: Callable[..., User]) -> Callable[..., Client]:
    """A test client signed in as a user, or as a new user of a role."""

    def sign_in(user: User | str = "admin", **fields: Any) -> Client:
        client = Client()
        client.force_login(user if isinstance(user, User) else make_user(user, **fields))
        return client

    return sign_in


@pytest.fixture
def at(db: None) -> Iterator[Callable[[datetime | str], datetime]]:
    """Move the product's clock: `at("2026-02-28T10:00:00+08:00")`; it ticks on from there."""
    with ExitStack() as stack:

        def move(instant: datetime | str) -> datetime:
            moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
            stack.enter_context(clock.move_clock(moment))
            return moment

        yield move


@pytest.fixture
def make_customer(db: None) -> Callable[..., Any]:
    """A customer: `make_customer(display_name="林嘉怡", email="…", consent=…)`."""
    from customers.profiles import services

    def make(display_name: str = "Olivia Hartmann", *, at: datetime | None = None, **fields: Any) -> Any:
        return services.create_customer(display_name=display_name, at=at or clock.now(), **fields)

    return make


@pytest.fixture
def make_order(db: None) -> Callable[..., Any]:
    """An order of one line: `make_order(customer, total="300", placed_at=…)`; further fields go to OrderData."""
    from decimal import Decimal
    from itertools import count

    from customers.orders import services

    numbers = count(1)

    def make(
        customer: Any, total: Any = "100", *, placed_at: datetime | None = None, live: bool = True, **fields: Any
    ) -> Any:
        now = clock.now()
        number = fields.pop("number", None) or f"T-{next(numbers):05}"
        lines = fields.pop("lines", None) or (
            services.IncomingOrderLine("TEA-1", unit_price=Decimal(total), name="Wuyi tea 武夷岩茶", category="Tea"),
        )
        data = services.IncomingOrder(
            **{"source": "shop", "currency": "CNY", **fields},
            number=number,
            customer_id=customer.pk,
            placed_at=placed_at or now,
            lines=lines,
        )
        return services.record_order(order=data, at=now, live=live)[0]

    return make
