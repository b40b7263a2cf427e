"""A Chinese page holds no English words of ours, and says what language it is in."""

import re
from functools import cache
from pathlib import Path

import pytest

from crm.tools.i18n import catalog_paths, po_files
from crm.tools.i18n.translation_checks import PLACEHOLDER
from tests.browser.conftest import MISFITS, PHONE
from tests.house.gallery import pages

LOCALES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
GENERAL = {"and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "to", "with"}
TEXTS = Path(__file__).with_name("texts.js").read_text(encoding="utf-8")


@cache
def english(language: str) -> re.Pattern[str]:
    """Matches a text that our catalogues would say otherwise in a language."""
    entries = [
        entry
        for catalogue in catalog_paths.translation_catalogs().values()
        for entry in po_files.read_catalog(catalogue.file(LOCALES[language])).values()
    ]
    texts = {
        text
        for entry in entries
        for text in (entry.message.text, entry.message.plural)
        if text and text != entry.translation and _is_telling(text)
    }
    return re.compile("|".join(_shape(text) for text in sorted(texts)))


def _is_telling(text: str) -> bool:
    """Not so general that a name would match, as anything matches `%(done)s of %(total)s`."""
    words = set(re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub("", text)))
    return bool(words - GENERAL if PLACEHOLDER.search(text) else words)


def _shape(text: str) -> str:
    parts = PLACEHOLDER.split(" ".join(text.split()))
    return ".+?".join(re.escape(part.replace("%%", "%")) for part in parts)


@pytest.mark.rule("PL-30")
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
@pytest.mark.parametrize("shown", pages(), ids=str)
def test_a_chinese_page_holds_no_english_and_fits(stage, shown, language):
    tab = stage.open(shown, language=language, size=PHONE)

    left = [text for text in tab.evaluate(TEXTS) if english(language).fullmatch(text)]

    assert left == [], "\n".join(left)
    assert tab.evaluate(MISFITS) == []
    assert tab.locator("html").get_attribute("lang") == LOCALES[language].replace("_", "-")


@pytest.mark.rule("PL-30")
def test_english_in_a_chinese_page_is_seen(browser):
    tab = browser.new_page()
    tab.set_content("<main><h1>客户</h1><button title='Time zone'>Role</button><i lang=en>Team</i><p>Zoe 12</p></main>")

    texts = tab.evaluate(TEXTS)
    tab.close()

    assert sorted(text for text in texts if english("zh-hans").fullmatch(text)) == ["Role", "Time zone"]
