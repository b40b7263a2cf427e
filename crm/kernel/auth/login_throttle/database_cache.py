"""A cache of the few keys that lock the door, in PostgreSQL: a broker that hangs, dies or is emptied opens nothing.

Each answer is one statement, atomic across processes. Time is the database's own, never the product's clock.
"""

import json
from datetime import datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from crm.kernel.auth.login_throttle.queries import ADD_SQL, DELETE_ENDED_SQL, DELETE_SQL, GET_SQL, SET_SQL
from crm.kernel.background import scheduler

# The library behind sign-in counts failed passwords, codes and resets under these keys.
THROTTLE_KEY_PREFIX = "allauth:rl:"


class ThrottleKeysInDatabase(BaseCache):
    """Mixed into a cache: keys of the door go to PostgreSQL, all others to the cache itself."""

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        if _is_throttle_key(key):
            return _execute_statement(ADD_SQL, [key, json.dumps(value), float(timeout)]) == 1
        return bool(super().add(key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        if not _is_throttle_key(key):
            return super().get(key, default, version)
        with connection.cursor() as cursor:
            cursor.execute(GET_SQL, [key])
            row = cursor.fetchone()
        return json.loads(row[0]) if row else default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        if _is_throttle_key(key):
            _execute_statement(SET_SQL, [key, json.dumps(value), float(timeout)])
        else:
            super().set(key, value, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return (
            _execute_statement(DELETE_SQL, [key]) == 1 if _is_throttle_key(key) else bool(super().delete(key, version))
        )


@scheduler.register_nightly("forget_door_memory")
def delete_ended_throttle_keys(now: datetime) -> int:
    """Drop what has ended."""
    return _execute_statement(DELETE_ENDED_SQL, [])


def _is_throttle_key(key: Any) -> bool:
    return str(key).startswith(THROTTLE_KEY_PREFIX)


def _execute_statement(statement: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
