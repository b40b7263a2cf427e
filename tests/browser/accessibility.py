"""What axe finds on a page against WCAG 2.2 AA."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab

WCAG_22_AA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CONTRAST = "color-contrast"


def violations(tab: Tab, *rules: str) -> list[str]:
    """Each violation with the elements on which it stands, by all rules of WCAG 2.2 AA or by the ones that are named."""
    chosen = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG_22_AA}
    found = Axe().run(tab, options={"runOnly": chosen, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def violations_by_theme(tab: Tab) -> dict[str, list[str]]:
    """The same in light and in dark, where only contrast can differ; afterwards the page is light again."""
    found = {"light": violations(tab)}
    try:
        tab.emulate_media(color_scheme="dark")
        tab.wait_for_selector("html[data-bs-theme=dark]", state="attached")
        found["dark"] = violations(tab, CONTRAST)
    finally:
        tab.emulate_media(color_scheme="light")
    return found
