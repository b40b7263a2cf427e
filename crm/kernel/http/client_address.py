"""Where a request comes from: the one answer for limits, lock-out, audit and the API's quotas."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings

_PORT = re.compile(r"^\[(?P<six>[^\]]+)\](:\d+)?$|^(?P<four>[\d.]+):\d+$")


def get_client_address(meta: Mapping[str, Any]) -> str | None:
    """The client's address, or None where there is none (a socket in a folder).

    `NUM_PROXIES` of our own stand in front; each adds on the right whom it heard. So the entry that the outermost one
    added counts, and what stands left of it is the client's invention. Without that many entries the request came past
    the proxies, and the peer itself counts.
    """
    heard = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    behind = settings.NUM_PROXIES
    forwarded = _parse_address(heard[-behind]) if 0 < behind <= len(heard) else None
    return forwarded or _parse_address(str(meta.get("REMOTE_ADDR", "")))


def _parse_address(text: str) -> str | None:
    """An address without its port, as one canonical text; None for `unknown` and other words."""
    text = text.strip()
    if with_port := _PORT.match(text):
        text = with_port["six"] or with_port["four"]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)
