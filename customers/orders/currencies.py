"""Which codes are currencies: what somewhere was legal tender on a day, so no code for tests, metals or funds."""

from datetime import date
from functools import cache

from babel import Locale
from babel.numbers import get_territory_currencies


def is_currency(code: str, on: date | None = None) -> bool:
    """Whether one could pay with it on that day, or ever: HRK in 2021, but not in 2026; never XXX or XAU."""
    return any(on is None or first <= on <= last for first, last in _days_of_tender().get(code, ()))


@cache
def _days_of_tender() -> dict[str, list[tuple[date, date]]]:
    """Code → first and last day of each territory that has or had it."""
    days: dict[str, list[tuple[date, date]]] = {}
    for territory in (code for code in map(str, Locale("en").territories) if len(code) == 2):
        for known in get_territory_currencies(territory, date.min, date.max, include_details=True):
            days.setdefault(known["currency"], []).append((known["from"] or date.min, known["to"] or date.max))
    return days
