"""Connections that do not wait for ever.

PostgreSQL's own time limits are kept by PostgreSQL: of a server that is frozen, or behind a network that swallows
packets, they say nothing, and its kernel goes on acknowledging. So the client too counts, a little longer than the
server would, and hangs up. After that, nobody asks again for a moment: the requests that queued up meanwhile are
answered at once instead of waiting for their turn to wait.
"""

import time
from typing import Any

import psycopg
from django.conf import settings
from psycopg import errors

PAUSE_SECONDS = 2


class NoAnswer(psycopg.OperationalError):
    """The server did not answer in time; whether it did what it was asked is unknown."""


class Connection(psycopg.Connection[Any]):
    """psycopg's, with an end to each wait."""

    again_at = 0.0

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg's; where the caller names no limit, the one of this kind of process."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, settings.ANSWER_SECONDS[settings.PROCESS_KIND])
        except errors._WaitTimeout as error:
            self.pgconn.finish()
            rest()
            raise NoAnswer("The database server did not answer in time.") from error


def connect(**params: Any) -> Connection:
    """A connection, or NoAnswer at once while the server is known not to answer."""
    if is_resting():
        raise NoAnswer("The database server did not answer a moment ago.")
    try:
        return Connection.connect(**params)
    except errors.ConnectionTimeout:
        rest()
        raise


def is_resting() -> bool:
    """True for a moment after the server has failed to answer, in the web only: others have the time to try."""
    return time.monotonic() < Connection.again_at


def rest() -> None:
    """Begin the moment."""
    if settings.PROCESS_KIND == "web":
        Connection.again_at = time.monotonic() + PAUSE_SECONDS
