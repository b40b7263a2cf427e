"""Words in one line of text: tags, interests."""

import re

from crm.kernel import plain_text

# What people and programs put between words, full-width marks and line breaks among them.
MARKS = re.compile(r"[,;|/、，；｜／\n]")
QUOTES = "\"'“”"


def split_words(text: str) -> list[str]:
    """The words, each once, without blanks and quotation marks around them: `vip|gold`, `"vip","gold"`, `vip、gold`."""
    words = (plain_text.trim_text(plain_text.trim_text(word).strip(QUOTES)) for word in MARKS.split(text))
    return list(dict.fromkeys(word for word in words if word))
