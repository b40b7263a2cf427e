"""All that people read stands in three languages, and Django finds our words before a library's."""

from pathlib import Path

import pytest
from django.utils import translation

from crm.tools.check import python_texts
from crm.tools.i18n import catalog_paths
from crm.tools.i18n.catalog_entries import CONTEXT_SEPARATOR
from crm.tools.i18n.catalog_store import CatalogStore

CODES = {"zh_Hans": "zh-hans", "zh_Hant": "zh-hant"}


@pytest.fixture(scope="module")
def store() -> CatalogStore:
    return CatalogStore.load()


@pytest.mark.rule("PL-30")
@pytest.mark.parametrize("name", catalog_paths.translation_catalogs())
def test_every_word_is_translated_well(store, name):
    found = [f"{found.message.text!r}: {'; '.join(found.problems)}" for found in store.findings([name])]

    assert found == [], "\n".join(["python -m crm.tools.i18n missing --json says what apply wants", *found])


@pytest.mark.rule("PL-30")
@pytest.mark.parametrize("language", catalog_paths.LANGUAGES)
def test_what_people_read_is_what_our_catalogues_say(store, language):
    entries = [entry for name in store.wanted for entry in store.entries[name, language].values()]

    with translation.override(CODES[language]):
        shadowed = [
            f"{entry.message.text!r}: {entry.translation!r}, but people read {read!r}"
            for entry in entries
            if (read := _read(entry.message.context, entry.message.text)) != entry.translation
            and entry.message.plural is None
        ]

    assert shadowed == [], "\n".join(shadowed)


def _read(context: str | None, text: str) -> str:
    return translation.pgettext(context, text) if context else translation.gettext(text)


@pytest.mark.rule("PL-30")
def test_no_label_choice_or_refusal_is_bare_english():
    assert [str(finding) for finding in python_texts.untranslated_texts()] == []


@pytest.mark.rule("PL-30")
def test_bare_english_in_code_is_seen(tmp_path: Path):
    planted = tmp_path / "crm/forms.py"
    planted.parent.mkdir()
    planted.write_text(
        "class State(TextChoices):\n    OPEN = 'open', 'Open'\n    DONE = 'done', _('Done')\n"
        "name = CharField(label='Name', help_text=_('Help'))\n"
        "raise ValidationError('Too long')\n"
    )

    assert [str(finding) for finding in python_texts.untranslated_texts(tmp_path)] == [
        "crm/forms.py:2: English without gettext: 'Open'",
        "crm/forms.py:4: English without gettext: 'Name'",
        "crm/forms.py:5: English without gettext: 'Too long'",
    ]


@pytest.mark.rule("PL-30")
def test_a_word_without_translation_is_seen(tmp_path: Path):
    planted = tmp_path / "templates/loyalty/page.html"
    planted.parent.mkdir(parents=True)
    planted.write_text('{% translate "Never said before" %}')

    found = CatalogStore.load(tmp_path).findings(["loyalty"])

    assert [(finding.message.key.split(CONTEXT_SEPARATOR), finding.problems) for finding in found] == [
        (["Never said before"], ["zh_Hans: missing", "zh_Hant: missing"])
    ]
