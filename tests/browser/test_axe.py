"""Every page, in light and dark: axe finds no violation of WCAG 2.2 AA, the console has nothing to complain of."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.house.gallery import pages

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(tab) -> list[str]:
    """Each violation with the elements that it stands on."""
    found = Axe().run(tab, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


@pytest.mark.rule("PL-40", "PL-53")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("shown", pages(), ids=str)
def test_axe_and_the_console_find_nothing(stage, shown, theme):
    tab = stage.open(shown, theme=theme)

    found = violations(tab)

    assert found == [], "\n".join(found)
    assert tab.mishaps == []


@pytest.mark.rule("PL-40")
def test_axe_sees_a_field_without_a_name(browser):
    tab = browser.new_page()
    tab.set_content("<html lang=en><title>Planted</title><main><input></main>")

    found = violations(tab)
    tab.close()

    assert [line.split(":")[0] for line in found] == ["label"]
