"""Keyset cursors: where a page of a sorted list begins, as an opaque and checked string."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

VALUE_READERS: dict[str, Callable[[str], Any]] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "n": Decimal}


class BadCursor(ValueError):
    """The cursor was not made by us, or for another sort."""


def encode_cursor(sort: str, values: list[Any], *, backward: bool) -> str:
    """The sort's values of the row at the edge of a page."""
    body = json.dumps([sort, int(backward), [_plain_value(value) for value in values]], separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, sort: str, width: int) -> tuple[list[Any], bool]:
    """Values and direction, or BadCursor."""
    try:
        body = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        name, backward, values = body
        if name != sort or not isinstance(values, list) or len(values) != width:
            raise BadCursor("cursor: made for another sort")
        return [_read_value(value) for value in values], bool(backward)
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError) as error:
        raise BadCursor("cursor: not a cursor of this list") from error


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return value


def _read_value(value: Any) -> Any:
    if not isinstance(value, dict):
        if isinstance(value, str) and "\x00" in value:
            raise ValueError("NUL")
        return value
    kind, text = next(iter(value.items()))
    return VALUE_READERS[kind](text)
