"""Our three languages, by whatever people and programs call them."""

import pytest

from crm.kernel.ui import languages


@pytest.mark.rule("CU-30")
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("zh_CN", "zh-hans"), ("zh-TW", "zh-hant"), ("zh-HK", "zh-hant"), ("Chinese", "zh-hans"), ("Chinese (Traditional)", "zh-hant"),
        ("简体中文", "zh-hans"), ("繁體中文", "zh-hant"), ("中文（繁體）", "zh-hant"), ("tw", "zh-hant"), ("en-GB", "en"), 
        ("English", "en"),
        ("英语", "en"), ("fr", None), ("energy", None), ("", None),
    ],
)  # fmt: skip
def test_language_is_known_by_code_or_name_and_not_guessed(name, code):
    assert languages.find_language(name) == code
    assert languages.match_language(name, "zh-hant") == (code or "zh-hant")
