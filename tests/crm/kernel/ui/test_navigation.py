"""The navigation: what a person may open, in order, and where he is."""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.kernel.ui import navigation


@pytest.fixture
def empty_nav(monkeypatch):
    monkeypatch.setattr(navigation, "navigation_entries", [])
    monkeypatch.setattr(navigation, "new_menu_actions", [])


def keys(places):
    return [place.key for place in places]


def test_places_stand_in_order_by_group(empty_nav, make_user):
    navigation.register_navigation(
        navigation.NavigationEntry("jobs", "Jobs", "activity", "kernel:job_list", order=20),
        navigation.NavigationEntry("profile", "Profile", "person", "kernel:profile", order=10),
        navigation.NavigationEntry("health", "Health", "heart", "kernel:statusz", "status.view", navigation.FOOT, 5),
    )

    found = navigation.navigation_places(make_user("admin"))

    assert keys(found["main"]) == ["profile", "jobs"]
    assert keys(found["foot"]) == ["health"]
    assert keys(found["every"]) == ["health", "profile", "jobs"]


def test_place_without_permission_or_page_is_left_out(empty_nav, make_user):
    navigation.register_navigation(
        navigation.NavigationEntry("status", "Status", "heart", "kernel:statusz", "status.view"),
        navigation.NavigationEntry("moon", "Moon", "moon", "moon:landing"),
    )

    assert keys(navigation.navigation_places(make_user("readonly"))["every"]) == []
    assert keys(navigation.navigation_places(make_user("admin"))["every"]) == ["status"]


def test_unknown_permission_is_a_mistake_of_ours(empty_nav, make_user):
    navigation.register_navigation(
        navigation.NavigationEntry("jobs", "Jobs", "activity", "kernel:job_list", "moon.land")
    )

    with pytest.raises(LookupError):
        navigation.navigation_places(make_user("admin"))


@pytest.mark.parametrize(
    ("path", "current"),
    [("/jobs/", ["jobs"]), ("/jobs/jb_1/progress/", ["jobs"]), ("/profile/", ["profile"]), ("/elsewhere/", [])],
)
def test_current_place_is_the_nearest_one(empty_nav, make_user, path, current):
    navigation.register_navigation(
        navigation.NavigationEntry("jobs", "Jobs", "activity", "kernel:job_list"),
        navigation.NavigationEntry("profile", "Profile", "person", "kernel:profile"),
    )

    found = navigation.navigation_places(make_user("admin"), path)["every"]

    assert [place.key for place in found if place.current] == current


def test_settings_are_current_beside_their_page(empty_nav, make_user):
    navigation.register_navigation(
        navigation.NavigationEntry("settings", "Settings", "gear", "kernel:settings", group=navigation.FOOT),
        navigation.NavigationEntry("people", "People", "people", "kernel:user_list", group=navigation.SETTINGS),
    )

    found = navigation.navigation_places(make_user("admin"), "/settings/people/new/")

    assert [place.key for place in found["every"] if place.current] == ["settings", "people"]


def test_a_key_offered_twice_is_replaced(empty_nav, make_user):
    navigation.register_navigation(navigation.NavigationEntry("jobs", "Jobs", "activity", "kernel:profile"))
    navigation.register_navigation(navigation.NavigationEntry("jobs", "Jobs", "activity", "kernel:job_list"))

    assert [place.url for place in navigation.navigation_places(make_user("admin"))["every"]] == [
        reverse("kernel:job_list")
    ]


@pytest.mark.rule("PL-40")
def test_words_of_a_place_hold_every_language(empty_nav, make_user):
    navigation.register_navigation(navigation.NavigationEntry("customers", _("Customers"), "people", "kernel:profile"))

    with translation.override("zh-hans"):
        (place,) = navigation.navigation_places(make_user("admin"))["every"]

    assert place.label == "客户"
    assert place.search_words == "Customers 客户 客戶 customers"


def test_actions_need_their_permission(empty_nav, make_user):
    navigation.register_navigation(
        navigation.NewMenuAction("import", "Import", "cloud-arrow-up", "kernel:job_list", "customers.import")
    )

    assert keys(navigation.new_menu_places(make_user("readonly"))) == []
    assert keys(navigation.new_menu_places(make_user("manager"))) == ["import"]


def test_what_is_begun_is_found_by_new_and_its_name_in_every_language(empty_nav, make_user):
    navigation.register_navigation(navigation.NewMenuAction("customer", _("Customer"), "person", "kernel:profile"))

    words = navigation.new_menu_places(make_user("admin"))[0].search_words

    assert [each for each in ("New Customer", "新建 客户", "新增 客戶", "customer") if each not in words] == []
