"""How names are folded for search: one script, one case, one width; and how Chinese ones are read aloud.

Pure. Text and query pass the same folding, so what it loses it loses on both sides.
"""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import product

from customers.profiles.name_readings import COMPOUND_SURNAME_READINGS, GIVEN_NAME_READINGS, SURNAME_READINGS

HAN_CHARACTERS = "\u3400-\u4dbf\u4e00-\u9fff"
EAST_ASIAN_CHARACTERS = HAN_CHARACTERS + "\u3040-\u30ff\uac00-\ud7af"
MOST_READINGS = 8
_MARKS = re.compile("[\u0300-\u036f]+")
_SPACE = re.compile(r"[\s\u00a0\x00-\x1f\x7f]+")
_HAN_RUN = re.compile(f"[{HAN_CHARACTERS}]+")
_PLAIN_HAN = re.compile("[\u4e00-\u9fff]+")


def fold_text(text: str) -> str:
    """Lower case without accents, half width, simplified characters, single spaces: `ＬＩＮ　張` → `lin 张`."""
    if text.isascii():
        return _SPACE.sub(" ", text.lower()).strip()
    if _PLAIN_HAN.fullmatch(text):  # no case, no width, no accents: only the script is left
        return text.translate(_simplified_characters())
    narrow = unicodedata.normalize("NFKC", text).casefold()
    if narrow.isascii():
        return _SPACE.sub(" ", narrow).strip()
    bare = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", narrow)))
    return _SPACE.sub(" ", bare.translate(_simplified_characters())).strip()


def han_runs(folded: str) -> list[str]:
    """The stretches of Chinese characters in a folded text."""
    return _HAN_RUN.findall(folded)


@lru_cache(maxsize=50_000)
def pinyin_readings(name: str) -> tuple[tuple[str, ...], ...]:
    """Ways to say a folded Chinese name, syllable by syllable, the likeliest first: 单晓 → (shan, xiao), (dan, xiao) …

    A surname that is read in its own way comes first in that reading; the others stay, since people type them too.
    """
    family = name[:2] if name[:2] in COMPOUND_SURNAME_READINGS else name[:1]
    first = [tuple(said.split()) for said in _family_readings(family)]
    rest = [tuple((syllable,) for syllable in _given_readings(char)) for char in name[len(family) :]]
    said = [sum(parts, ()) for _place, parts in zip(range(MOST_READINGS), product(first, *rest), strict=False)]
    return tuple(dict.fromkeys(said))


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


@cache
def _simplified_characters() -> dict[int, str]:
    """Traditional characters with their simplified ones, one by one: phrases would depend on neighbours."""
    from opencc import OpenCC

    chars = [chr(code) for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF)) for code in range(first, last + 1)]
    table: dict[int, str] = {}
    for scheme in ("tw2s", "hk2s", "t2s"):
        simple = OpenCC(scheme).convert("\n".join(chars)).split("\n")
        table.update({ord(old): new for old, new in zip(chars, simple, strict=True) if old != new})
    return table
