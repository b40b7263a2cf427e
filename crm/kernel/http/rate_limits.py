"""Limits of public forms: so many times per window, counted in the cache; with the cache away nobody is held up."""

import hashlib
import ipaddress

import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)
NETWORK_BITS = 64  # one connection gets that many of the 128: its holder may write from any of them


def allow_attempt(name: str, who: str, *, times: int, seconds: int) -> bool:
    """Count one more try of `who` (an address, an IP); False once there were more than `times` in the window.

    The window begins with the first try. What is counted is kept only as a hash.
    """
    return increment_counter(f"limit:{name}:{hashlib.sha256(who.encode()).hexdigest()[:32]}", seconds) <= times


def increment_counter(key: str, seconds: int) -> int:
    """One more under a key that lives for so long from the first; how many by now, 0 while the cache is away."""
    try:
        if hasattr(cache, "count"):
            return int(cache.count(key, seconds))
        return 1 if cache.add(key, 1, seconds) else cache.incr(key)
    except ValueError:  # without a broker: it ran out between the two questions
        return 1
    except Exception as error:
        log.warning("limits_unavailable", limit=key.partition(":")[0], error=type(error).__name__)
        return 0


def address_network(address: str | None) -> str:
    """What limits count by: the IPv4 address, or the IPv6 network that belongs to one connection."""
    if address is None or ":" not in address:
        return address or ""
    return str(ipaddress.ip_network(f"{address}/{NETWORK_BITS}", strict=False))
