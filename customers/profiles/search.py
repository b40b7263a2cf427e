"""One stored column answers every search: what goes into it, and the condition that a typed query becomes.

`search_text` is a row of words with a space before each, under a trigram index. Three letters or digits are found
anywhere in it; shorter ones and Chinese are found at the start of a word, so the endings of Chinese names and of
their pinyin stand there as words too (林嘉怡 → 林嘉怡 嘉怡 怡, linjiayi jiayi yi, ljy jy): two characters are enough.
"""

import re
from collections.abc import Iterable, Iterator

from django.db.models import Q

from customers.profiles import name_folding, pinyin

LONGEST_QUERY, MOST_WORDS, WINDOW_LENGTH, LONGEST_NAME = 100, 6, 4, 6
_RUN = re.compile(f"[{name_folding.EAST_ASIAN_CHARACTERS}]+|[^{name_folding.EAST_ASIAN_CHARACTERS} ]+")
_WIDE = re.compile(f"[{name_folding.EAST_ASIAN_CHARACTERS}]")
_INNER_PUNCTUATION = re.compile(r"['’.·‧•\-]")
_PHONE_LIKE = re.compile(r"[+(]?[\d\s().+\-]{3,}")
_NOT_DIGIT = re.compile(r"\D")


def build_search_text(*, names: Iterable[str], email: str | None, phone: str | None, others: Iterable[str] = ()) -> str:
    """The text in which a customer is found: names in every spelling, addresses, phone digits, ids in other systems."""
    words: dict[str, None] = {}
    for name in names:
        words.update(dict.fromkeys(_name_words(name_folding.fold_text(name))))
    for other in filter(None, (email, phone, *others)):
        words.update(dict.fromkeys(_other_words(name_folding.fold_text(other))))
    words.pop("", None)
    return f" {' '.join(words)} " if words else ""


def build_sort_key(*, display_name: str, family_name: str = "", given_name: str = "") -> str:
    """Chinese names by pinyin, family name first; others by family name where it is known, else as written."""
    folded = name_folding.fold_text(display_name)
    runs = pinyin.han_runs(folded)
    if runs and folded.startswith(runs[0]) and len(runs[0]) <= LONGEST_NAME:
        return f"{' '.join(pinyin.pinyin_readings(runs[0])[0])} {folded}"[:200]
    if family_name and not runs:
        return f"{name_folding.fold_text(family_name)} {name_folding.fold_text(given_name)}".strip()[:200]
    return folded[:200]


def search_condition(query: str, column: str = "search_text") -> Q:
    """The condition of a typed query: every word of it must be found; an empty query finds everybody."""
    condition = Q()
    for part in search_terms(query):
        condition &= Q(**{f"{column}__contains": part})
    return condition


def search_terms(query: str) -> list[str]:
    """The pieces that must all stand in `search_text`; a leading space ties a piece to the start of a word."""
    folded = name_folding.fold_text(query[:LONGEST_QUERY])
    if _PHONE_LIKE.fullmatch(folded) and len(digits := _NOT_DIGIT.sub("", folded).lstrip("0")) >= 3:
        return [digits]
    pieces = [
        piece for word in folded.split(" ")[:MOST_WORDS] for run in _RUN.findall(word) for piece in _terms_of_run(run)
    ]
    return list(dict.fromkeys(pieces))


def _terms_of_run(run: str) -> Iterator[str]:
    if not _WIDE.match(run):
        yield run if len(run) >= 3 else f" {run}"
    elif len(run) <= WINDOW_LENGTH:
        yield f" {run}"
    else:
        yield from (f" {run[at : at + WINDOW_LENGTH]}" for at in range(0, len(run) - WINDOW_LENGTH + 1))


def _name_words(folded: str) -> Iterator[str]:
    for word in folded.split(" "):
        yield word
        yield _INNER_PUNCTUATION.sub("", word)
        for run in _RUN.findall(word):
            if _WIDE.match(run):
                yield run
                yield from (run[at : at + WINDOW_LENGTH] for at in range(1, len(run)))
    for run in pinyin.han_runs(folded):
        if len(run) <= LONGEST_NAME:
            yield from _pinyin_words(run)


def _other_words(folded: str) -> Iterator[str]:
    """An address or number as written; digits of a phone without separators."""
    if _PHONE_LIKE.fullmatch(folded):
        yield _NOT_DIGIT.sub("", folded)
    if not folded.startswith("+"):
        yield folded.replace(" ", "")


def _pinyin_words(name: str) -> Iterator[str]:
    """Every ending of the name in full pinyin and in initials."""
    for syllables in pinyin.pinyin_readings(name):
        for at in range(len(syllables)):
            yield "".join(syllables[at:])
            yield "".join(syllable[0] for syllable in syllables[at:])
