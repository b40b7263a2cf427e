"""The frame of every page at work: palette, theme, drawer, toasts, keys, lists."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations_by_theme
from tests.browser.conftest import DESK, PHONE
from tests.house.gallery import Page

COMPONENTS = Page("kernel:components")


@pytest.fixture
def tab(stage):
    return stage.open(COMPONENTS, size=DESK)


@pytest.mark.rule("PL-40")
def test_palette_finds_a_page_by_its_chinese_name_and_opens_it(tab):
    tab.keyboard.press("Control+k")
    tab.keyboard.type("个人")
    tab.keyboard.press("Escape")
    expect(tab.locator("#palette")).not_to_be_visible()

    tab.keyboard.press("Control+k")
    tab.locator("#palette input").fill("后台")
    expect(tab.locator("#palette [aria-selected=true]")).to_have_text("Background work")
    tab.keyboard.press("Enter")

    tab.wait_for_url("**/jobs/")


def test_palette_says_when_nothing_is_found(tab):
    tab.keyboard.press("Control+k")
    tab.locator("#palette input").fill("zzzz")

    expect(tab.locator("[data-palette-none]")).to_be_visible()
    tab.keyboard.press("Escape")


def test_theme_changes_at_once_and_stays(stage, tab):
    tab.locator("[data-theme-form]").locator("xpath=..").locator("> button").click()
    with tab.expect_response("**/preferences/theme/"):
        tab.locator("[name=theme][value=dark]").click()
    at_once = tab.locator("html").get_attribute("data-bs-theme")
    tab.reload()
    after = tab.locator("html").get_attribute("data-bs-theme")
    type(stage.visitor(COMPONENTS)).objects.update(theme="auto")
    tab.context.clear_cookies(name="eg_theme")

    assert (at_once, after) == ("dark", "dark")


def test_sidebar_stays_narrow_after_a_reload(tab):
    tab.locator("[data-sidebar-toggle]").click()
    tab.reload()
    narrow = tab.locator("html").get_attribute("data-sidebar")
    tab.locator("[data-sidebar-toggle]").click()

    assert narrow == "collapsed"
    assert tab.locator("html").get_attribute("data-sidebar") == ""


def test_drawer_of_a_phone_opens_and_closes_by_key(stage):
    tab = stage.open(COMPONENTS, size=PHONE)
    drawer = tab.locator("#sidebar")

    expect(drawer).not_to_be_visible()
    tab.locator("[data-sidebar-toggle]").click()
    expect(drawer).to_be_visible()
    assert tab.evaluate("document.activeElement.closest('#sidebar') !== null")
    tab.keyboard.press("Escape")
    expect(drawer).not_to_be_visible()
    expect(tab.locator("[data-sidebar-toggle]")).to_be_focused()


def test_toast_offers_undo_by_key(tab):
    asked = []
    tab.route("**/undo-example/", lambda route: (asked.append(route.request.method), route.fulfill(status=204)))
    toast = {"text": "3 <b>customers</b> added", "undo": "/undo-example/"}
    tab.evaluate("toast => document.dispatchEvent(new CustomEvent('toast', {detail: toast}))", toast)
    expect(tab.locator("#toasts .eg-toast-text")).to_have_text("3 <b>customers</b> added")

    with tab.expect_response("**/undo-example/"):
        tab.keyboard.press("z")

    expect(tab.locator("#toasts .eg-toast")).to_have_count(0)
    assert asked == ["POST"]


def test_keys_move_and_select_rows(tab):
    for key in ("j", "j", "x"):
        tab.keyboard.press(key)

    expect(tab.locator("tr.is-cursor a.eg-cell-title")).to_have_text("林嘉怡 Lin Jiayi")
    expect(tab.locator("tr[aria-selected=true]")).to_have_count(1)
    expect(tab.locator(".eg-bulk [data-count]")).to_have_text("1 selected")


def test_keys_rest_while_someone_types(tab):
    tab.locator("textarea[placeholder^=Write]").focus()
    tab.keyboard.type("jjx?c")

    expect(tab.locator("tr.is-cursor")).to_have_count(0)
    expect(tab.locator("#keys")).not_to_be_visible()


def test_failed_request_is_told_with_its_reference(tab):
    tab.evaluate("htmx.ajax('GET', '/jobs/jb_missing/progress/', {swap: 'none'}).catch(() => null)")

    expect(tab.locator("#toasts .eg-toast.bad")).to_contain_text("no longer exists")
    tab.mishaps.clear()


def test_chart_can_be_read_as_a_table_and_saved(tab, tmp_path):
    chart = tab.locator("[data-chart=trend] svg")
    expect(chart).to_be_visible()

    tab.locator("[data-shows='#trend-table']").click()
    expect(tab.locator("#trend-table tbody tr")).to_have_count(13)
    expect(tab.locator("#trend-table tbody tr").last).to_contain_text("86.8%")
    tab.locator("[data-shows='#trend-picture']").click()
    with tab.expect_download() as download:
        tab.locator("[data-chart-png=trend]").click()
    saved = tmp_path / "trend.png"
    download.value.save_as(saved)

    assert Path(saved).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.rule("PL-40")
@pytest.mark.parametrize(
    "opens",
    [
        "[data-palette-open]",
        "[data-keys-open]",
        "[aria-controls=sidebar]",
        ".eg-bell",
        *(f".dropdown:nth-of-type({n}) > button" for n in (1, 2)),
    ],
)
def test_what_opens_is_free_of_violations(tab, opens):
    tab.locator(f".eg-topbar {opens}").first.click()
    tab.wait_for_timeout(300)

    found = violations_by_theme(tab)
    tab.context.clear_cookies(name="eg_sidebar")

    assert found == {"light": [], "dark": []}


def test_draft_outlives_the_page_until_it_is_sent(tab):
    field = tab.locator("textarea[data-draft=example]")
    field.fill("Call back on Monday")
    tab.wait_for_timeout(500)
    tab.reload()
    expect(field).to_have_value("Call back on Monday")

    field.fill("")
    tab.wait_for_timeout(500)
    tab.reload()
    expect(field).to_have_value("")
