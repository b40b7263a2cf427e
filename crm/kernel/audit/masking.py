"""How personal data looks in the audit log: recognisable to who knows it, useless to who does not."""

from collections.abc import Collection
from typing import Any

PERSONAL_FIELDS = {
    "email",
    "phone",
    "name",
    "display_name",
    "family_name",
    "given_name",
    "address",
    "street",
    "notes",
    "value",
    "birthday",
}


def mask_text(text: str) -> str:
    """The first character and the length: `j•••(18)`."""
    return f"{text[:1]}•••({len(text)})" if text else text


def mask_personal_values(values: dict[str, Any] | None, readable: Collection[str] = ()) -> dict[str, Any] | None:
    """A copy fit for the log: personal fields masked but for the `readable` ones, the rest as plain JSON values."""
    if values is None:
        return None
    personal = PERSONAL_FIELDS.difference(readable)
    return {
        key: mask_text(str(value)) if key in personal and value else _plain_value(value)
        for key, value in values.items()
    }


def _plain_value(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else str(value)
