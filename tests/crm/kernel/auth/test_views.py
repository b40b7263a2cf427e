"""A person's own choices: language, appearance, profile."""

import pytest
from django.conf import settings
from django.test import Client

from crm.kernel.auth.models import User


@pytest.mark.rule("PL-30")
def test_language_of_a_person_is_kept(client_as, make_user):
    user = make_user("sales", language="en")
    client = client_as(user)

    response = client.post("/preferences/language/", {"language": "zh-hant", "next": "/jobs/?page=2"})

    user.refresh_from_db()
    assert (response.status_code, response.headers["Location"]) == (302, "/jobs/?page=2")
    assert user.language == "zh-hant"
    assert 'lang="zh-Hant"' in client.get("/jobs/").content.decode()


@pytest.mark.django_db
def test_language_of_a_stranger_is_a_cookie():
    client = Client()

    client.post("/preferences/language/", {"language": "zh-hans"})

    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"
    assert 'lang="zh-Hans"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("chosen", ["fr", "", "zh-hans; DROP"])
def test_unknown_language_changes_nothing(client_as, make_user, chosen):
    user = make_user("sales", language="en")

    response = client_as(user).post("/preferences/language/", {"language": chosen})

    user.refresh_from_db()
    assert (response.status_code, user.language) == (302, "en")
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_language_leads_back_to_our_own_pages_only(client_as, elsewhere):
    response = client_as("sales").post("/preferences/language/", {"language": "en", "next": elsewhere})

    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/preferences/language/", "/preferences/theme/"])
def test_choices_are_never_made_by_get(client_as, path):
    assert client_as("admin").get(path).status_code == 405


def test_theme_is_kept_and_drawn_by_the_server(client_as, make_user):
    user = make_user("sales")
    client = client_as(user)

    response = client.post("/preferences/theme/", {"theme": "dark"}, headers={"HX-Request": "true"})

    user.refresh_from_db()
    assert (response.status_code, user.theme) == (204, "dark")
    assert 'data-theme="dark" data-bs-theme="dark"' in client.get("/profile/").content.decode()


def test_profile_saves_a_persons_own_choices_only(client_as, make_user):
    user = make_user("sales", name="Ken", scope="own")
    sent = {
        "name": "Ken Lau",
        "language": "zh-hant",
        "time_zone": "Asia/Hong_Kong",
        "theme": "light",
        "density": "compact",
        "role": "admin",
        "scope": "all",
        "email": "root@staff.example",
    }

    response = client_as(user).post("/profile/", sent)

    saved = User.objects.get(pk=user.pk)
    assert response.status_code == 302
    assert (saved.name, saved.language, saved.time_zone, saved.theme, saved.density, saved.shortcuts) == (
        "Ken Lau",
        "zh-hant",
        "Asia/Hong_Kong",
        "light",
        "compact",
        False,
    )
    assert (saved.role, saved.scope, saved.email) == ("sales", "own", user.email)


@pytest.mark.rule("PL-51")
def test_profile_with_a_wrong_field_is_refused_by_name(client_as, make_user):
    user = make_user("sales", name="Ken")

    response = client_as(user).post("/profile/", {"name": "", "language": "en", "time_zone": "Mars/Base"})

    saved = User.objects.get(pk=user.pk)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name", "time_zone", "theme", "density"}
    assert saved.name == "Ken"


def test_single_keys_can_be_turned_off(client_as, make_user):
    off = client_as(make_user("sales", shortcuts=False)).get("/profile/").content.decode()
    on = client_as(make_user("sales", shortcuts=True)).get("/profile/").content.decode()

    assert ('data-keys="off"' in off, 'data-keys="off"' in on) == (True, False)
