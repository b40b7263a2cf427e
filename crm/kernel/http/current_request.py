"""What is known of the request being answered, for logs and audit: ids only."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class CurrentRequest:
    """The request at hand; empty outside of one."""

    request_id: str = ""
    ip: str | None = None
    principal: str = "system"
    began_at: float = 0.0  # of the monotonic clock


_current: ContextVar[CurrentRequest] = ContextVar("crm_request", default=CurrentRequest())


def get_current_request() -> CurrentRequest:
    """The request being answered in this thread, or the empty one."""
    return _current.get()


def enter_request(request: CurrentRequest) -> object:
    """Set the request at hand; give the result to `leave`."""
    return _current.set(request)


def leave_request(token: object) -> None:
    """Forget the request at hand."""
    _current.reset(token)  # type: ignore[arg-type]
