"""Characters that nobody sees: dropped at the edges of what people, files and programs write, found inside of it."""

import re
from typing import Any

# Blanks, control characters, soft hyphens, marks of direction, fillers and spaces of no width. Joiners inside a word and
# variants of a sign have a meaning there, so only the edges are trimmed; a variant selector belongs to the sign before it.
INVISIBLE = (
    r"[\s\x01-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ufeff\uffa0]"
)
_ASCII_EDGES = "".join(map(chr, range(1, 33))) + "\x7f"
_EDGES = re.compile(f"^{INVISIBLE}+|{INVISIBLE}+$")
_HIDDEN = re.compile(r"[^\S ]|" + INVISIBLE.replace(r"\s", ""))


def trim_text(text: str) -> str:
    """The text without invisible characters at its edges; one of nothing else is ''."""
    return text.strip(_ASCII_EDGES) if text.isascii() else _EDGES.sub("", text)


def has_hidden_character(text: str) -> bool:
    """Whether a character stands in the text that cannot be seen; a plain blank can be."""
    return _HIDDEN.search(text) is not None


def trim_texts(value: Any) -> Any:
    """The same list or dictionary with each text in it trimmed, keys too; anything else as it is."""
    if isinstance(value, str):
        return trim_text(value)
    if isinstance(value, dict):
        return {trim_texts(key): trim_texts(part) for key, part in value.items()}
    return [trim_texts(part) for part in value] if isinstance(value, list) else value
