"""The cache with the broker there, gone and hanging (faults F9, F10)."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import redis
from django.core.cache.backends.redis import RedisCache

from crm.kernel import cache as module
from crm.launcher.paths import InstallationPaths
from crm.launcher.valkey import Valkey

pytestmark = [pytest.mark.rule("PL-50"), pytest.mark.fault]
OPTIONS = {"OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1}}


@pytest.fixture
def broker(tmp_path) -> Iterator[Valkey]:
    server = Valkey(InstallationPaths(tmp_path))
    server.start()
    yield server
    with suppress(ProcessLookupError):
        os.kill(server.child.pid, signal.SIGCONT)
    server.stop()


@pytest.fixture
def cache(broker: Valkey, monkeypatch) -> module.BrokerCache:
    monkeypatch.setattr(module.TolerantRedisClient, "_again_at", 0.0)
    return module.BrokerCache(broker.url(), OPTIONS)


def test_what_was_kept_is_found(cache):
    cache.set("a", 1)

    assert cache.get("a") == 1
    assert cache.get("b", "else") == "else"
    assert cache.add("a", 2) is False
    assert cache.incr("a") == 2
    assert cache.get_many(["a", "b"]) == {"a": 2}
    assert cache.delete("a") is True
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def test_dead_broker_fails_no_question(cache, broker):
    cache.set("a", 1)
    os.kill(broker.child.pid, signal.SIGKILL)
    broker.child.wait()

    cache.set("b", 1)
    cache.delete("b")
    assert cache.get("a", "else") == "else"
    assert cache.get_many(["a"]) == {}
    assert cache.add("c", 1) is True
    assert cache.incr("d") == 1
    assert "a" not in cache


def test_plain_cache_of_django_would_fail(cache, broker):
    plain = RedisCache(broker.url(), OPTIONS)
    os.kill(broker.child.pid, signal.SIGKILL)
    broker.child.wait()

    with pytest.raises(redis.RedisError):
        plain.get("a")


def test_hanging_broker_costs_one_time_out(cache, broker):
    cache.set("a", 1)
    os.kill(broker.child.pid, signal.SIGSTOP)

    began = time.monotonic()
    answers = [cache.get("a", "else") for _ in range(50)]

    assert answers == ["else"] * 50
    assert time.monotonic() - began < 3


def test_broker_that_is_back_is_asked_again(cache, broker, monkeypatch):
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0)
    cache.set("a", 1)
    os.kill(broker.child.pid, signal.SIGSTOP)
    assert cache.get("a") is None

    os.kill(broker.child.pid, signal.SIGCONT)

    assert cache.get("a") == 1
