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


class DatabaseNotAnswering(psycopg.OperationalError):
    """The server did not answer in time; whether it did what it was asked is unknown."""


class TimedConnection(psycopg.Connection[Any]):
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
            pause_connecting()
            raise DatabaseNotAnswering("The database server did not answer in time.") from error


def open_connection(**params: Any) -> TimedConnection:
    """A connection, or NoAnswer at once while the server is known not to answer."""
    if is_paused():
        raise DatabaseNotAnswering("The database server did not answer a moment ago.")
    try:
        return TimedConnection.connect(**params)
    except errors.ConnectionTimeout:
        pause_connecting()
        raise


def is_paused() -> bool:
    """True for a moment after the server has failed to answer, in the web only: others have the time to try."""
    return time.monotonic() < TimedConnection.again_at


def pause_connecting() -> None:
    """Begin the moment."""
    if settings.PROCESS_KIND == "web":
        TimedConnection.again_at = time.monotonic() + PAUSE_SECONDS
