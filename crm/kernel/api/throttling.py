"""One quota per key, so that one program's storm is no other's."""

from typing import TYPE_CHECKING, Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # the framework's views import this module
    from rest_framework.views import APIView


class PerKey(SimpleRateThrottle):
    """Counts per key in the cache; with the cache away nobody is held up."""

    scope = "key"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        return f"throttle:{request.auth.pk}" if request.auth is not None else None

    def allow_request(self, request: Request, view: "APIView") -> Any:
        try:
            return super().allow_request(request, view)
        except Exception:
            return True
