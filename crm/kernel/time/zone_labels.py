"""What other systems call a time zone: the label of Windows, of a shop system, or the bare name of its city."""

import re
from functools import cache

from babel.core import get_global

from crm.kernel import plain_text
from crm.kernel.time import zones

# What web shops and help desks show for the zones that most customers live in, where it is not the city of the zone.
SHOP_LABELS = {
    "beijing": "Asia/Shanghai", "chongqing": "Asia/Shanghai", "china": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai", "shenzhen": "Asia/Shanghai", "eastern time (us & canada)": "America/New_York",
    "central time (us & canada)": "America/Chicago", "mountain time (us & canada)": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles", "atlantic time (canada)": "America/Halifax",
    "arizona": "America/Phoenix", "hawaii": "Pacific/Honolulu", "alaska": "America/Juneau",
    "osaka": "Asia/Tokyo", "sapporo": "Asia/Tokyo", "mumbai": "Asia/Kolkata", "new delhi": "Asia/Kolkata",
    "chennai": "Asia/Kolkata", "bern": "Europe/Zurich", "edinburgh": "Europe/London",
    "brasilia": "America/Sao_Paulo", "hanoi": "Asia/Bangkok", "北京": "Asia/Shanghai", "上海": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "臺北": "Asia/Taipei",
}  # fmt: skip
OFFSET = re.compile(r"^\((?:gmt|utc)[^)]*\)\s*|\s*\((?:gmt|utc)[^)]*\)$", re.IGNORECASE)


def find_zone(label: str) -> str | None:
    """The zone of the world's table for its name or a label, or None: `China Standard Time`, `(GMT+08:00) Beijing`."""
    name = plain_text.trim_text(OFFSET.sub("", plain_text.trim_text(label)))
    return name if name in zones.known_zones() else _zones_by_label().get(name.casefold().replace("_", " "))


@cache
def _zones_by_label() -> dict[str, str]:
    known = sorted(zones.known_zones())
    cities = {
        zone.rpartition("/")[2]: zone for zone in known if "/" in zone and not zone.startswith(zones.PLACELESS_PREFIXES)
    }
    labels = {**cities, **get_global("windows_zone_mapping"), **SHOP_LABELS, **{zone: zone for zone in known}}
    return {label.casefold().replace("_", " "): zone for label, zone in labels.items() if zone in zones.known_zones()}
