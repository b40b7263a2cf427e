"""Limits of public forms: so many times per window, counted in the cache; with the cache away nobody is held up."""

import hashlib

import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)


def allows(name: str, who: str, *, times: int, seconds: int) -> bool:
    """Count one more try of `who` (an address, an IP); False once there were more than `times` in the window.

    The window begins with the first try. What is counted is kept only as a hash.
    """
    key = f"limit:{name}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    try:
        if cache.add(key, 1, seconds):
            return times >= 1
        return cache.incr(key) <= times
    except ValueError:  # it ran out between the two questions
        return True
    except Exception as error:
        log.warning("limits_unavailable", limit=name, error=type(error).__name__)
        return True
