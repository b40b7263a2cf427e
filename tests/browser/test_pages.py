"""Every page, seen once: axe and the console find nothing in light or dark, and a phone of 390 px shows all of it.

One visit serves all: loading a page and axe itself take longer than looking, and only contrast depends on the theme.
"""

import pytest

from tests.browser.accessibility import CONTRAST, violations, violations_by_theme
from tests.browser.conftest import DESK, MISFITS, PHONE
from tests.house.gallery import pages


@pytest.mark.rule("PL-40", "PL-53")
@pytest.mark.parametrize("shown", pages(), ids=str)
def test_a_page_is_accessible_and_fits(stage, shown):
    tab = stage.open(shown)

    found = violations_by_theme(tab)
    tab.set_viewport_size(PHONE)
    found["phone"] = tab.evaluate(MISFITS)
    tab.set_viewport_size(DESK)

    assert found == {"light": [], "dark": [], "phone": []}
    assert tab.mishaps == []


@pytest.mark.rule("PL-40")
def test_axe_sees_a_field_without_a_name(browser):
    tab = browser.new_page()
    tab.set_content("<html lang=en><title>Planted</title><main><input></main>")

    found = violations(tab)
    tab.close()

    assert [line.split(":")[0] for line in found] == ["label"]


@pytest.mark.rule("PL-40")
def test_axe_sees_words_that_vanish_in_the_dark(browser):
    tab = browser.new_page(color_scheme="light")
    tab.set_content(
        "<html lang=en><title>Planted</title><style>body { color: #111; background: #fff }"
        " @media (prefers-color-scheme: dark) { body { background: #222 } }</style><main>Words</main>"
    )

    light = violations(tab, CONTRAST)
    tab.emulate_media(color_scheme="dark")
    dark = violations(tab, CONTRAST)
    tab.close()

    assert light == []
    assert [line.split(":")[0] for line in dark] == ["color-contrast"]


@pytest.mark.rule("PL-40")
def test_what_does_not_fit_is_seen(browser):
    tab = browser.new_page(viewport=PHONE)
    tab.set_content(
        "<meta name=viewport content='width=device-width'><body><p style='width:600px'>wide</p>"
        "<b style='display:block;width:40px;overflow:hidden;white-space:nowrap'>long words</b>"
    )

    found = tab.evaluate(MISFITS)
    tab.close()

    assert [line.split(" ")[0] for line in found] == ["the", "p.", "b."]
