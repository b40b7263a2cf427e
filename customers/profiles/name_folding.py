"""How names are folded for search: one script, one case, one width.

Pure. Text and query are folded alike, so what folding loses is lost on both sides.
"""

import re
import unicodedata
from functools import cache

HAN_CHARACTERS = "\u3400-\u4dbf\u4e00-\u9fff"
EAST_ASIAN_CHARACTERS = HAN_CHARACTERS + "\u3040-\u30ff\uac00-\ud7af"
_MARKS = re.compile("[\u0300-\u036f]+")
_SPACE = re.compile(r"[\s\u00a0\x00-\x1f\x7f]+")
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
