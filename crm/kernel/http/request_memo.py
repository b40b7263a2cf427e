"""Small answers that a page asks for again and again: read once a request, by every process for itself."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from crm.kernel.http import current_request

T = TypeVar("T")
OUTSIDE_SECONDS = 1


class RequestMemo(Generic[T]):
    """What `read` answered, as it stood when the request at hand began; outside of requests at most a second ago.

    `seconds` lets it be older than that, for what nobody changes by hand.
    """

    def __init__(self, read: Callable[[], T], seconds: float = 0) -> None:
        self._read, self._seconds = read, seconds
        self._kept: tuple[float, T] | None = None
        all_memos.append(self)

    def __call__(self) -> T:
        kept = self._kept
        if kept is None or kept[0] < self._since():
            kept = self._kept = (time.monotonic(), self._read())
        return kept[1]

    def clear(self) -> None:
        """Read anew at the next question."""
        self._kept = None

    def _since(self) -> float:
        if self._seconds:
            return time.monotonic() - self._seconds
        return current_request.get_current_request().began_at or time.monotonic() - OUTSIDE_SECONDS


all_memos: "list[RequestMemo[Any]]" = []


def clear_all_memos() -> None:
    """For tests: what an earlier one set is undone in the database."""
    for each in all_memos:
        each.clear()
