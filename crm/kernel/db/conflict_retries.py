"""Writes that somebody else got ahead of are tried again: the second look finds what they wrote."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

P = ParamSpec("P")
R = TypeVar("R")
ATTEMPTS = 4


def retry_when_taken(write: Callable[P, R]) -> Callable[P, R]:
    """Run the function in a transaction or savepoint of its own, again where a unique key was taken meanwhile.

    For writes that look first and add what they did not find: without a lock two of them may miss each other, and only
    the unique index sees it. The last attempt lets the error through, for it has another cause.
    """

    @wraps(write)
    def retried(*args: P.args, **kwargs: P.kwargs) -> R:
        for _attempt in range(ATTEMPTS - 1):
            try:
                with transaction.atomic():
                    return write(*args, **kwargs)
            except IntegrityError as error:
                if not isinstance(error.__cause__, UniqueViolation):
                    raise
        with transaction.atomic():
            return write(*args, **kwargs)

    return retried
