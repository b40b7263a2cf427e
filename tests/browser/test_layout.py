"""On a phone of 390 px no page scrolls sideways, nothing is cut off, nothing stands outside the screen."""

import pytest

from tests.browser.conftest import MISFITS, PHONE
from tests.house.gallery import pages


@pytest.mark.rule("PL-40")
@pytest.mark.parametrize("shown", pages(), ids=str)
def test_a_phone_shows_the_whole_page(stage, shown):
    tab = stage.open(shown, size=PHONE)

    assert tab.evaluate(MISFITS) == []


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
