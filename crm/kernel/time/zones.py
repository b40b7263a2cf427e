"""Time zones as people look for them: by city, in their language."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel.dates import get_timezone_location
from django.utils.translation import get_language

from crm.kernel.ui.languages import babel_locale

MACHINE_ZONE_NAMES = {"localtime", "posixrules", "Factory"}
PLACELESS_PREFIXES = ("Etc/", "SystemV/", "posix/", "right/")


def zone_choices() -> list[tuple[str, str]]:
    """(zone, city and zone) sorted by city in the reader's language; UTC first."""
    return list(_zone_choices_in(get_language() or "en"))


@lru_cache(maxsize=3)
def _zone_choices_in(language: str) -> tuple[tuple[str, str], ...]:
    zones = [zone for zone in known_zones() if "/" in zone and not zone.startswith(PLACELESS_PREFIXES)]
    named = [(zone, f"{zone_city(zone, language)} ({zone})") for zone in zones]
    return (("UTC", "UTC"), *sorted(named, key=lambda choice: choice[0]))


def zone_city(zone: str, language: str) -> str:
    """`Asia/Shanghai` → Shanghai, 上海."""
    return get_timezone_location(zone, locale=babel_locale(language), return_city=True)


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """The zones of the world's table, without the names that a machine adds for itself: PostgreSQL knows none of those."""
    return frozenset(available_timezones() - MACHINE_ZONE_NAMES)
