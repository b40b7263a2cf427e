import gettext
import json
from pathlib import Path

import pytest

from crm.tools.i18n import po_files
from crm.tools.i18n.catalog_paths import catalog_of_source
from crm.tools.i18n.catalog_store import CatalogStore


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small product with words in every kind of place."""
    texts = {
        "crm/config/urls.py": '_("Start")',
        "crm/kernel/people.py": '_("Role")',
        "customers/views.py": '_("Customer"); _("Start"); _("Role"); _("Shared")',
        "loyalty/views.py": '_("Shared")',
        "templates/base.html": '{% translate "Menu" %}',
        "templates/loyalty/points.html": '{% translate "Balance" %}',
        "templates/mail/feedback/ask.txt": '{% translate "Tell us" %}',
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def extracted(base: Path) -> CatalogStore:
    store = CatalogStore.load(base)
    store.update(list(store.wanted))
    return store


def keys(store: CatalogStore, name: str) -> set[str]:
    return set(store.entries[name, "zh_Hant"])


def test_templates_belong_to_the_app_of_their_folder():
    assert catalog_of_source(Path("templates/loyalty/points/x.html")) == "loyalty"
    assert catalog_of_source(Path("templates/mail/feedback/x.txt")) == "feedback"
    assert catalog_of_source(Path("templates/account/login.html")) == "root"
    assert catalog_of_source(Path("crm/kernel/auth/permissions.py")) == "kernel"
    assert catalog_of_source(Path("crm/tools/i18n/catalog_store.py")) == "root"


def test_extract_gives_each_catalogue_its_words_once(house):
    store = extracted(house)

    assert keys(store, "root") >= {"Start", "Menu"}
    assert keys(store, "kernel") == {"Role"}
    assert keys(store, "customers") == {"Customer", "Shared"}
    assert keys(store, "loyalty") == {"Shared", "Balance"}
    assert keys(store, "feedback") == {"Tell us"}


def test_apply_fills_every_catalogue_that_lacks_the_words(house):
    store = extracted(house)

    unwanted = store.apply({"Shared": ["共享", "共用"], "Never said": ["无", "無"]})

    assert unwanted == ["Never said"]
    assert store.entries["customers", "zh_Hans"]["Shared"].translation == "共享"
    assert store.entries["loyalty", "zh_Hant"]["Shared"].translation == "共用"


def test_apply_keeps_what_stands_there_unless_told_to_replace(house):
    store = extracted(house)
    store.apply({"Role": ["角色", "角色"]})

    store.apply({"Role": ["身份", "身分"]})
    kept = store.entries["kernel", "zh_Hant"]["Role"].translation
    store.apply({"Role": ["身份", "身分"]}, replacing=True)

    assert (kept, store.entries["kernel", "zh_Hant"]["Role"].translation) == ("角色", "身分")


def test_extract_drops_unused_words_and_keeps_translations(house):
    store = extracted(house)
    store.apply({"Balance": ["余额", "餘額"], "Tell us": ["告诉我们", "告訴我們"]})
    store.save()
    (house / "templates/mail/feedback/ask.txt").write_text("")

    store = extracted(house)
    store.save()

    assert keys(CatalogStore.load(house), "feedback") == set()
    assert CatalogStore.load(house).entries["loyalty", "zh_Hans"]["Balance"].translation == "余额"


def test_a_word_that_moves_to_another_app_keeps_its_translation(house):
    store = extracted(house)
    store.apply({"Balance": ["余额", "餘額"]})
    store.save()
    (house / "templates/loyalty/points.html").rename(house / "templates/base2.html")

    store = extracted(house)

    assert store.entries["root", "zh_Hant"]["Balance"].translation == "餘額"


@pytest.mark.rule("PL-30")
def test_two_catalogues_that_contradict_each_other_are_found(house):
    store = extracted(house)
    store.apply({"Shared": ["共享", "共用"]})
    store.entries["loyalty", "zh_Hant"]["Shared"] = store.entries["kernel", "zh_Hant"]["Role"].__class__(
        store.wanted["loyalty"]["Shared"], "分享"
    )

    assert [found.problems for found in store.findings(["loyalty"]) if found.message.text == "Shared"] == [
        ["zh_Hant: says '分享', customers says '共用'"]
    ]


@pytest.mark.rule("PL-30")
def test_words_that_nobody_extracted_are_missing(house):
    assert [found.message.text for found in CatalogStore.load(house).findings(["kernel"])] == ["Role"]


def test_a_compiled_catalogue_speaks_and_is_compiled_once(house):
    store = extracted(house)
    store.apply({"Balance": ["余额", "餘額"]})
    store.save()
    path = house / "loyalty/locale/zh_Hant/LC_MESSAGES/django.po"

    assert po_files.compile_catalog(path) is True
    assert po_files.compile_catalog(path) is False
    assert gettext.translation("django", house / "loyalty/locale", ["zh_Hant"]).gettext("Balance") == "餘額"


def test_a_catalogue_survives_writing_and_reading(house):
    store = extracted(house)
    store.apply(json.loads('{"Shared": ["一行\\n“引号” \\\\ 100%", "二"]}'))
    store.save()

    assert CatalogStore.load(house).entries == store.entries
    assert store.save() == []
