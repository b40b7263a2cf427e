"""What is wrong with a translation, in words for the one who mends it."""

import re

from crm.tools.i18n import chinese_glossary
from crm.tools.i18n.catalog_entries import CatalogEntry

PLACEHOLDER = re.compile(r"%\(\w+\)[sdfr]|%[sdfr]|\{[^{}\s]*\}")
MARKUP_TAG = re.compile(r"</?\w+[^<>]*>")
NOT_PROSE = re.compile(rf"{PLACEHOLDER.pattern}|{MARKUP_TAG.pattern}|https?://\S+|\S+@\S+")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def translation_problems(simplified: CatalogEntry, traditional: CatalogEntry) -> list[str]:
    """Everything wrong with the two translations of a message; nothing when both may go to people."""
    lacking = [
        f"{language}: {problem}"
        for language, entry in (("zh_Hans", simplified), ("zh_Hant", traditional))
        if (problem := _incomplete_reason(entry))
    ]
    return lacking or [*_wrong_script_problems(simplified.translation, traditional.translation)]


def _incomplete_reason(entry: CatalogEntry) -> str:
    if not entry.translation:
        return "missing"
    if entry.fuzzy:
        return "fuzzy"
    if is_unchanged(entry):
        return "the same as the English"
    return _placeholder_mismatch(entry)


def is_unchanged(entry: CatalogEntry) -> bool:
    """Whether English words were taken for a translation; names that read the same everywhere may be."""
    text = entry.message.text
    if entry.translation not in (text, entry.message.plural):
        return False
    words = LATIN_WORD.findall(NOT_PROSE.sub(" ", text))
    return text not in chinese_glossary.SAME_EVERYWHERE and not set(words) <= chinese_glossary.SAME_EVERYWHERE


def _placeholder_mismatch(entry: CatalogEntry) -> str:
    wanted = set(PLACEHOLDER.findall(entry.message.plural or entry.message.text))
    optional = set(PLACEHOLDER.findall(entry.message.text)) & wanted if entry.message.plural else wanted
    found = set(PLACEHOLDER.findall(entry.translation))
    if found == wanted:
        return ""
    return f"placeholders {sorted(found)} instead of {sorted(wanted | optional)}"


def _wrong_script_problems(simplified: str, traditional: str) -> list[str]:
    found = [
        f"zh_Hant: {converted} is converted, 繁體 says {demanded}"
        for converted, demanded in chinese_glossary.merely_converted_words(simplified, traditional)
    ]
    if characters := chinese_glossary.traditional_characters(simplified):
        found.append(f"zh_Hans: {characters} belongs to 繁體")
    if characters := chinese_glossary.simplified_characters(traditional):
        found.append(f"zh_Hant: {characters} belongs to 简体")
    return found
