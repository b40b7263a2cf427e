"""One quota per key, so that one program's storm is no other's."""

from typing import TYPE_CHECKING, Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from crm.kernel.http import client_address, rate_limits

if TYPE_CHECKING:  # the framework's views import this module
    from rest_framework.views import APIView


class ApiKeyThrottle(SimpleRateThrottle):
    """Counts per key and minute (or what the rate names) in the cache; with the cache away nobody is held up.

    The framework's own keeps the instant of each request, six thousand of them read and written with every call.
    """

    scope = "key"
    duration: int
    num_requests: int

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if self.rate is None or request.auth is None:
            return True
        window, self.passed = divmod(int(self.timer()), self.duration)
        used = rate_limits.increment_counter(f"throttle:{request.auth.pk}:{window}", self.duration)
        view.headers |= {
            "RateLimit-Limit": str(self.num_requests),
            "RateLimit-Remaining": str(max(self.num_requests - used, 0)),
            "RateLimit-Reset": str(self.duration - self.passed),
        }
        return used <= self.num_requests

    def wait(self) -> float:
        """Seconds until the next window."""
        return float(self.duration - self.passed)

    def get_ident(self, request: Request) -> str:
        """The client as everywhere else; the framework's own takes what a client invents where entries are missing."""
        return client_address.get_client_address(request.META) or ""

    def get_cache_key(self, request: Request, view: Any) -> None:
        """Not asked: the key of the window is made above."""
