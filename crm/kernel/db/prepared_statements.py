"""Cursors for the small statements that run all the time, planned once a session; arrays for those with very many values."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

FEW_KEYS = 20


def prepared_cursor() -> Any:
    """A cursor whose statements keep the plan that was made without looking at parameters.

    For statements by key, where planning costs as much as the work. For anything else the plan must know its
    parameters: Django's own cursor.
    """
    own: Any = connection
    return own.prepared_cursor()


def cursor_for_keys(number: int) -> Any:
    """A cursor for a statement that looks up so many keys: a few are what a ready plan expects; for more, one is made."""
    return prepared_cursor() if number <= FEW_KEYS else connection.cursor()


def format_array(values: Iterable[object]) -> str:
    """Numbers, days or plain words as PostgreSQL writes an array, for a parameter with a cast: a tenth of what a list costs.

    A word may hold letters, digits and signs, but no comma, brace, quote or backslash, and not be NULL.
    """
    return "{" + ",".join("NULL" if value is None else str(value) or '""' for value in values) + "}"
