"""Cursors for the small statements that run all the time, planned once a session."""

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
