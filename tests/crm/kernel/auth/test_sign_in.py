"""Signing in: by e-mail and password, nobody signs up, the second step asks for a code."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from crm.kernel.auth.models import User


@pytest.fixture
def ken(db):
    return User.objects.create_user("ken@staff.example", "evergreen-pass", name="Ken", role="sales")


def sign_in(client, password="evergreen-pass"):
    return client.post("/accounts/login/", {"login": "ken@staff.example", "password": password})


def test_sign_in_by_email(ken):
    client = Client()

    response = sign_in(client)

    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/profile/").status_code == 200


def test_wrong_password_is_refused_in_the_readers_language(ken):
    client = Client(headers={"Accept-Language": "zh-TW"})

    response = sign_in(client, "wrong")

    assert response.status_code == 200
    assert "電子" in response.content.decode()
    assert client.get("/profile/").status_code == 302


def test_nobody_signs_up(db):
    response = Client().post("/accounts/signup/", {"email": "me@elsewhere.example", "password1": "evergreen-pass"})

    assert "account/signup_closed.html" in [template.name for template in response.templates]
    assert User.objects.count() == 0


@pytest.mark.rule("PL-10")
def test_second_step_asks_for_a_code(ken):
    secret = generate_totp_secret()
    TOTP.activate(ken, secret)
    client = Client()

    first = sign_in(client)
    before = client.get("/profile/").status_code
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    second = client.post("/accounts/2fa/authenticate/", {"code": code})

    assert (first.headers["Location"], before) == ("/accounts/2fa/authenticate/", 302)
    assert (second.status_code, client.get("/profile/").status_code) == (302, 200)


def test_sign_out_by_post_only(ken):
    client = Client()
    sign_in(client)

    client.get("/accounts/logout/")
    still_in = client.get("/profile/").status_code
    client.post("/accounts/logout/")

    assert (still_in, client.get("/profile/").status_code) == (200, 302)


def test_reset_mail_holds_a_link_that_works_once(ken, mailoutbox):
    client = Client()

    client.post("/accounts/password/reset/", {"email": "ken@staff.example"})
    (mail,) = mailoutbox
    link = next(line for line in mail.body.splitlines() if "/accounts/password/reset/key/" in line)
    form = client.get(link, follow=True)
    changed = client.post(form.request["PATH_INFO"], {"password1": "a new evergreen", "password2": "a new evergreen"})
    again = Client().get(link, follow=True)

    ken.refresh_from_db()
    assert mail.subject == "Choose a new password"
    assert changed.status_code == 302
    assert ken.check_password("a new evergreen")
    assert again.context["token_fail"] is True
