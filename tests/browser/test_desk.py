"""The desk as hands use it: search while typing, keys, many at once with a way back, a call in two clicks."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.house.gallery import pages


def page(route: str):
    return next(each for each in pages() if each.route == route and not each.query)


@pytest.mark.rule("CU-3", "CU-4", "PL-40")
def test_list_is_searched_while_typing_and_what_was_done_to_many_is_undone(stage):
    tab = stage.open(page("customers:customer_list"))
    rows = tab.locator("table[data-list] tbody tr")
    everybody = rows.count()

    tab.locator("#q").press_sequentially("nobody at all")
    expect(tab.get_by_text("Nobody matches")).to_be_visible()
    assert "q=nobody" in tab.url
    tab.locator("#q").fill("linjiayi")
    expect(rows).to_have_count(everybody)

    tab.locator("h1").click()
    for key in ("j", "x", "j", "x"):
        tab.keyboard.press(key)
    expect(tab.locator(".eg-bulk [data-count]")).to_have_text("2 selected")
    tab.locator(".eg-bulk").get_by_role("button", name="Tag").click()
    tab.locator("#id_word").fill("spring tasting")
    tab.get_by_role("button", name="Apply").click()
    expect(tab.get_by_text("2 customers changed.")).to_be_visible()
    tab.locator("[data-toast-undo]").click()
    expect(tab.get_by_text("2 customers put back.")).to_be_visible()
    assert tab.mishaps == []


@pytest.mark.rule("S26", "CU-5")
def test_call_is_noted_in_two_clicks_and_stands_on_the_timeline(stage):
    tab = stage.open(page("customers:customer"))

    tab.get_by_role("button", name="Log call").click()
    tab.keyboard.type("Asked for the new tea list")
    tab.locator("[data-composer]").get_by_role("button", name="Save").click()

    newest = tab.locator("#timeline .eg-timeline > li:not(.day)").first
    expect(newest.locator(".eg-quote")).to_have_text("Asked for the new tea list")
    expect(newest).to_contain_text("Call")
    expect(tab.locator("[data-composer] textarea")).to_have_value("")
    assert tab.mishaps == []


@pytest.mark.rule("PL-40")
def test_phone_shows_one_pane_at_a_time(stage):
    tab = stage.open(page("customers:customer"), size=PHONE)
    panes = {name: tab.locator(f'.eg-pane[data-pane="{name}"]') for name in ("activity", "facts", "profile")}
    expect(panes["activity"]).to_be_visible()
    expect(panes["profile"]).to_be_hidden()

    tab.get_by_role("button", name="Profile").click()

    expect(panes["profile"]).to_be_visible()
    expect(panes["activity"]).to_be_hidden()


@pytest.mark.rule("CU-4")
def test_filter_dialog_leaves_only_what_was_chosen_in_the_address(stage):
    tab = stage.open(page("customers:customer_list"))

    tab.keyboard.press("f")
    tab.locator("#id_bought").fill("7")
    tab.get_by_role("button", name="Show", exact=True).click()

    tab.wait_for_url("**/customers/?bought=7")
    expect(tab.locator(".eg-filter[data-state=set]")).to_contain_text("Bought within")
