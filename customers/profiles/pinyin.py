"""How Chinese names are read aloud, and how their readings are typed. Pure."""

import re
from functools import cache, lru_cache
from itertools import islice, product

from customers.profiles.name_folding import HAN_CHARACTERS
from customers.profiles.name_readings import COMPOUND_SURNAME_READINGS, GIVEN_NAME_READINGS, SURNAME_READINGS

MAX_READINGS = 8
_HAN_RUN = re.compile(f"[{HAN_CHARACTERS}]+")


def han_runs(folded: str) -> list[str]:
    """The runs of Chinese characters in a folded text."""
    return _HAN_RUN.findall(folded)


@lru_cache(maxsize=50_000)
def pinyin_readings(name: str) -> tuple[tuple[str, ...], ...]:
    """Ways to say a folded Chinese name, syllable by syllable, the likeliest first: 单晓 → (shan, xiao), (dan, xiao) …

    A surname that is read in its own way comes first in that reading; the others stay, since people type them too.
    """
    family = name[:2] if name[:2] in COMPOUND_SURNAME_READINGS else name[:1]
    first = [tuple(reading.split()) for reading in _family_readings(family)]
    rest = [tuple((syllable,) for syllable in _given_readings(char)) for char in name[len(family) :]]
    readings = [sum(parts, ()) for parts in islice(product(first, *rest), MAX_READINGS)]
    return tuple(dict.fromkeys(readings))


def _family_readings(family: str) -> tuple[str, ...]:
    if family in COMPOUND_SURNAME_READINGS:
        return COMPOUND_SURNAME_READINGS[family]
    return tuple(dict.fromkeys((*SURNAME_READINGS.get(family, ()), *_given_readings(family))))


@cache
def _given_readings(char: str) -> tuple[str, ...]:
    return GIVEN_NAME_READINGS.get(char) or _typed_pinyin(_pinyin_of_char(char))


def _pinyin_of_char(char: str) -> str:
    from pypinyin import lazy_pinyin

    return lazy_pinyin(char)[0]


def _typed_pinyin(syllable: str) -> tuple[str, ...]:
    """ü is typed v, u or yu: 吕 is found by lv, lu and lyu."""
    if "v" not in syllable:
        return (syllable,)
    return (syllable, syllable.replace("v", "u"), syllable.replace("v", "yu"))
