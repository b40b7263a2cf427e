"""The cache in the broker. With the broker away it knows nothing and keeps nothing, and no page fails for it.

A broker that hangs costs one time-out; then it is left alone for a few seconds. What was changed meanwhile may be read
in its old state from the cache until its time to live is over. The few keys that lock the door never go to the broker.
"""

import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from crm.kernel.auth.login_throttle.database_cache import ThrottleKeysInDatabase

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 5


class TolerantRedisClient(RedisCacheClient):
    """Django's client, with an answer for each question that the broker does not answer."""

    _again_at = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._doors: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """One to read and one to write by: making the library's client costs more than the question it is made for."""
        if write not in self._doors:
            self._doors[write] = super().get_client(key, write=write)
        return self._doors[write]

    def count(self, key: Any, seconds: int) -> int:
        """One more under a key that lives for so long from the first; how many by now, in one round trip."""
        return int(self._ask_broker(lambda: self._count(key, seconds), 0))

    def _count(self, key: Any, seconds: int) -> int:
        both = self.get_client(key, write=True).pipeline(transaction=False)
        both.set(key, 0, ex=seconds, nx=True)
        both.incr(key)
        return int(both.execute()[1])

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return bool(self._ask_broker(lambda: super(TolerantRedisClient, self).add(key, value, timeout), True))

    def get(self, key: Any, default: Any) -> Any:
        return self._ask_broker(lambda: super(TolerantRedisClient, self).get(key, default), default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._ask_broker(lambda: super(TolerantRedisClient, self).set(key, value, timeout), None)

    def touch(self, key: Any, timeout: Any) -> bool:
        return bool(self._ask_broker(lambda: super(TolerantRedisClient, self).touch(key, timeout), False))

    def delete(self, key: Any) -> bool:
        return bool(self._ask_broker(lambda: super(TolerantRedisClient, self).delete(key), False))

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return dict(self._ask_broker(lambda: super(TolerantRedisClient, self).get_many(keys), {}))

    def has_key(self, key: Any) -> bool:
        return bool(self._ask_broker(lambda: super(TolerantRedisClient, self).has_key(key), False))

    def incr(self, key: Any, delta: int) -> int:
        return int(self._ask_broker(lambda: super(TolerantRedisClient, self).incr(key, delta), delta))

    def set_many(self, data: Any, timeout: Any) -> None:
        self._ask_broker(lambda: super(TolerantRedisClient, self).set_many(data, timeout), None)

    def delete_many(self, keys: Any) -> None:
        self._ask_broker(lambda: super(TolerantRedisClient, self).delete_many(keys), None)

    def clear(self) -> bool:
        return bool(self._ask_broker(lambda: super(TolerantRedisClient, self).clear(), False))

    def _ask_broker(self, question: Callable[[], Any], otherwise: Any) -> Any:
        """The broker's answer, or the other one at once while it is known to be away."""
        if time.monotonic() < TolerantRedisClient._again_at:
            return otherwise
        try:
            return question()
        except redis.RedisError as error:
            TolerantRedisClient._again_at = time.monotonic() + PAUSE_SECONDS
            log.warning("cache_away", error=type(error).__name__)
            return otherwise


class LocalCache(ThrottleKeysInDatabase, LocMemCache):
    """Without a broker, as in development: of this process alone, but for the keys of the door."""


class BrokerCache(ThrottleKeysInDatabase, RedisCache):
    """The backend that the settings name."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = TolerantRedisClient

    def count(self, key: Any, seconds: int, version: int | None = None) -> int:
        """Like the client's; 0 while the broker is away."""
        client: Any = self._cache
        return int(client.count(self.make_and_validate_key(key, version=version), seconds))
