import pytest

from crm.tools.i18n.catalog_entries import CatalogEntry, SourceMessage
from crm.tools.i18n.translation_checks import translation_problems


def said(english: str, simplified: str, traditional: str, plural: str | None = None) -> list[str]:
    message = SourceMessage(english, plural)
    return translation_problems(CatalogEntry(message, simplified), CatalogEntry(message, traditional))


@pytest.mark.rule("PL-30")
def test_a_good_translation_has_no_problem():
    assert said("%(n)s point", "%(n)s 积分", "%(n)s 點", "%(n)s points") == []
    assert said("Export to CSV", "导出为 CSV", "匯出成 CSV") == []


@pytest.mark.rule("PL-30")
@pytest.mark.parametrize(
    ("english", "simplified", "traditional", "problem"),
    [
        ("Save", "", "儲存", "zh_Hans: missing"),
        ("Save", "保存", "Save", "zh_Hant: the same as the English"),
        ("Hello %(name)s", "您好", "您好，%(name)s", "zh_Hans: placeholders [] instead of ['%(name)s']"),
        ("Settings", "设置", "設置", "zh_Hant: 設置 is converted, 繁體 says 設定"),
        ("Customer", "客戶", "客戶", "zh_Hans: 戶 belongs to 繁體"),
        ("Customer", "客户", "客户", "zh_Hant: 户 belongs to 简体"),
    ],
)
def test_a_bad_translation_is_named(english, simplified, traditional, problem):
    assert said(english, simplified, traditional) == [problem]


@pytest.mark.rule("PL-30")
def test_a_fuzzy_translation_is_none():
    message = SourceMessage("Save")

    assert translation_problems(CatalogEntry(message, "保存", fuzzy=True), CatalogEntry(message, "儲存")) == [
        "zh_Hans: fuzzy"
    ]


@pytest.mark.rule("PL-30")
def test_names_read_the_same_everywhere():
    assert said("NPS", "NPS", "NPS") == []
    assert said("CSV · %(n)s", "CSV · %(n)s", "CSV · %(n)s") == []
