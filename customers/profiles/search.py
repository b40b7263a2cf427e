"""What a customer is found by: one folded text per customer, and the key that lists are sorted by."""

import unicodedata
from collections.abc import Iterable


def fold(text: str) -> str:
    """Lower case, half width, without accents' variants: how texts and queries are compared."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def text_for(*, names: Iterable[str], email: str | None, phone: str | None, others: Iterable[str] = ()) -> str:
    """The search text of a customer: names, e-mail, phone digits and whatever else identifies him."""
    parts = [fold(part) for part in (*names, email or "", *others) if part]
    digits = (phone or "").lstrip("+")
    return " ".join(dict.fromkeys([*parts, digits] if digits else parts))


def sort_key_for(*, display_name: str, family_name: str = "", given_name: str = "") -> str:
    """Names in the order of a Latin reader's index; Chinese by its reading."""
    return fold(f"{family_name} {given_name}" if family_name else display_name)[:200]
