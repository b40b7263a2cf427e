"""Limits of public forms: counted per name and person in a window; nobody is held up while the cache is away."""

import pytest
import redis
from django.conf import settings
from django.core.cache import cache

from crm.kernel.http import rate_limits


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def broker():
    return redis.Redis.from_url(settings.REDIS_URL)


@pytest.mark.rule("PL-53")
def test_so_many_times_and_no_more():
    answers = [rate_limits.allow_attempt("help", "10.0.0.1", times=3, seconds=60) for _try in range(5)]

    assert answers == [True, True, True, False, False]


@pytest.mark.rule("PL-53")
def test_another_person_and_another_form_count_for_themselves():
    for _try in range(2):
        rate_limits.allow_attempt("help", "10.0.0.1", times=1, seconds=60)

    assert not rate_limits.allow_attempt("help", "10.0.0.1", times=1, seconds=60)
    assert rate_limits.allow_attempt("help", "10.0.0.2", times=1, seconds=60)
    assert rate_limits.allow_attempt("request", "10.0.0.1", times=1, seconds=60)


@pytest.mark.rule("PL-53")
def test_window_begins_with_the_first_try_and_is_not_drawn_out(broker):
    rate_limits.allow_attempt("help", "10.0.0.1", times=2, seconds=60)
    (key,) = broker.keys()
    assert 50 <= broker.ttl(key) <= 60

    broker.expire(key, 5)
    rate_limits.allow_attempt("help", "10.0.0.1", times=2, seconds=60)
    assert broker.ttl(key) <= 5

    broker.delete(key)
    assert rate_limits.allow_attempt("help", "10.0.0.1", times=1, seconds=60)


@pytest.mark.rule("PL-53")
def test_who_tried_is_kept_as_a_hash_only(broker):
    rate_limits.allow_attempt("help", "olivia@shop.example", times=1, seconds=60)

    (key,) = broker.keys()
    assert b"help" in key
    assert b"olivia" not in key


@pytest.mark.rule("PL-50")
def test_nobody_is_held_up_while_the_cache_is_away(monkeypatch):
    def away(*_args, **_more):
        raise ConnectionError

    monkeypatch.setattr(rate_limits, "cache", type("Away", (), {"count": away})())

    assert all(rate_limits.allow_attempt("help", "10.0.0.1", times=1, seconds=60) for _try in range(3))
