"""A key has its quota; who is over it is told when to come again, and no other key notices."""

import pytest
from django.core.cache import cache
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from crm.kernel.api import throttling
from crm.kernel.api.services import create_api_key


@pytest.fixture(autouse=True)
def _three_a_minute(monkeypatch):
    cache.clear()
    monkeypatch.setattr(
        throttling.ApiKeyThrottle, "THROTTLE_RATES", {**api_settings.DEFAULT_THROTTLE_RATES, "key": "3/min"}
    )
    monkeypatch.setattr(throttling.ApiKeyThrottle, "timer", lambda self: 1_000_000_005.5)
    yield
    cache.clear()


@pytest.fixture
def shop(make_user):
    def make(name):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_api_key(name=name, scopes=['orders:read'], by=user)[1]}")
        return client

    user = make_user()
    return make


@pytest.mark.rule("PL-20")
def test_more_calls_than_the_rate_are_refused_until_the_next_minute(shop, monkeypatch):
    till, other = shop("till"), shop("other")

    answers = [till.get("/api/v1/orders/") for _call in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3]["Retry-After"] == "15"  # the window ends at 1,000,000,020
    quota = [tuple(answer[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")) for answer in answers]
    assert quota == [("3", "2", "15"), ("3", "1", "15"), ("3", "0", "15"), ("3", "0", "15")]
    assert other.get("/api/v1/orders/").status_code == 200
    monkeypatch.setattr(throttling.ApiKeyThrottle, "timer", lambda self: 1_000_000_020)
    assert till.get("/api/v1/orders/").status_code == 200


@pytest.mark.rule("PL-50")
def test_nobody_is_held_up_while_the_cache_is_away(shop, monkeypatch):
    till = shop("till")
    monkeypatch.setattr(throttling.rate_limits, "increment_counter", lambda key, seconds: 0)

    assert [till.get("/api/v1/orders/").status_code for _call in range(5)] == [200] * 5
