"""The lock-out with the broker hanging, dead and emptied; and the few questions that it asks of PostgreSQL."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import redis
from django.core.cache import cache
from django.db import connection
from django.test import Client

from crm.kernel import cache as caching
from crm.kernel.auth.login_throttle import database_cache
from crm.kernel.auth.login_throttle.models import LoginThrottleEntry
from crm.kernel.auth.models import User
from crm.launcher.paths import InstallationPaths
from crm.launcher.valkey import Valkey

KEY = database_cache.THROTTLE_KEY_PREFIX + "test"
LOCKED = "Too many failed"


@pytest.fixture
def ken(db):
    return User.objects.create_user("ken@staff.example", "evergreen-pass", name="Ken", role="sales")


@pytest.fixture
def broker(tmp_path, settings, monkeypatch) -> Iterator[Valkey]:
    """The cache of this test, in a broker of its own."""
    server = Valkey(InstallationPaths(tmp_path))
    server.start()
    monkeypatch.setattr(caching.TolerantRedisClient, "_again_at", 0.0)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": server.url()}}
    yield server
    with suppress(ProcessLookupError):
        os.kill(server.child.pid, signal.SIGCONT)
    server.stop()


def hang(broker: Valkey) -> None:
    os.kill(broker.child.pid, signal.SIGSTOP)


def kill(broker: Valkey) -> None:
    os.kill(broker.child.pid, signal.SIGKILL)
    broker.child.wait()


def empty(broker: Valkey) -> None:
    redis.Redis.from_url(broker.url()).flushall()


def attempt(password: str = "wrong") -> str:
    answer = Client().post("/accounts/login/", {"login": "Ken@staff.example", "password": password})
    return "in" if answer.status_code == 302 else "locked" if LOCKED in answer.content.decode() else "refused"


@pytest.mark.fault
@pytest.mark.rule("PL-10", "PL-50")
@pytest.mark.parametrize("fault", [hang, kill, empty])
def test_lock_out_holds_whatever_happens_to_the_broker(ken, broker, fault):
    before = [attempt() for _try in range(3)]
    fault(broker)
    began = time.monotonic()

    after = [attempt() for _try in range(4)]

    assert before + after == ["refused"] * 5 + ["locked"] * 2
    assert attempt("evergreen-pass") == "locked"
    assert time.monotonic() - began < 15


@pytest.mark.fault
@pytest.mark.rule("PL-50")
def test_lock_out_that_stands_in_the_broker_is_gone_with_it(ken, broker, monkeypatch):
    """Negative control: the same tries with every key left to the cache."""
    monkeypatch.setattr(database_cache, "THROTTLE_KEY_PREFIX", "no key begins like this")
    hang(broker)

    assert [attempt() for _try in range(8)] == ["refused"] * 8


@pytest.mark.rule("PL-10")
def test_right_password_gives_its_try_back(ken):
    tries = [attempt("evergreen-pass") for _try in range(7)]

    assert tries == ["in"] * 7


@pytest.mark.django_db
def test_what_has_ended_is_as_if_it_had_never_been():
    assert cache.add(KEY, [1.5], 60) is True
    assert cache.add(KEY, [2.5], 60) is False
    assert cache.get(KEY) == [1.5]

    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_doormemory SET ends_at = clock_timestamp()")

    assert cache.get(KEY, "nothing") == "nothing"
    assert cache.add(KEY, [3.5], 60) is True
    assert cache.get(KEY) == [3.5]


@pytest.mark.django_db
def test_night_forgets_only_what_has_ended():
    cache.set(KEY, True, 0)
    cache.set(KEY + "2", True, 60)

    assert database_cache.delete_ended_throttle_keys(None) == 1
    assert list(LoginThrottleEntry.objects.values_list("key", flat=True)) == [KEY + "2"]


@pytest.mark.django_db
def test_other_keys_stay_in_the_cache():
    cache.set("test:other", 1, 60)

    assert cache.get("test:other") == 1
    assert cache.delete("test:other") is True
    assert not LoginThrottleEntry.objects.exists()
