"""The doctor finds what is wrong: shown on databases and settings that are wrong in just that way."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from crm.kernel import company
from crm.kernel.ops.doctor import company_checks, database_checks, environment_checks, examination

pytestmark = [pytest.mark.rule("PL-2"), pytest.mark.django_db]


def test_healthy_database_has_no_problem():
    found = [check() for check in (examination.DATABASE_CHECKS)]

    assert [finding for finding in found if finding.grade == "problem"] == []
    assert database_checks.check_chinese_search().grade == "good"
    assert database_checks.check_roles().grade == "good"


def test_missing_extension_is_named(monkeypatch):
    monkeypatch.setattr(database_checks, "NEEDED_EXTENSIONS", {"pg_trgm", "no_such_extension"})

    found = database_checks.check_extensions()

    assert found.grade == "problem"
    assert "no_such_extension" in found.sentence
    assert "pg_trgm" not in found.sentence


def test_fresh_company_without_a_postal_address_is_noted():
    fresh = company_checks.check_postal_address()
    company.change_settings(company.CompanySettings, {"postal_address": "1 Evergreen Road, Shanghai"}, by=None)

    assert (fresh.grade, company_checks.check_postal_address().grade) == ("note", "good")
    assert "postal address is not set" in fresh.sentence
    assert company_checks.check_postal_address in examination.DATABASE_CHECKS


@pytest.mark.django_db(transaction=True)
def test_role_that_may_change_history_is_noted():
    with connection.as_owner():
        found = database_checks.check_roles()

    assert found.grade == "note"
    assert "trigger alone" in found.sentence


def test_old_server_is_refused(monkeypatch):
    monkeypatch.setattr(database_checks, "OLDEST_VERSION", 99)

    assert database_checks.check_version().grade == "problem"


@pytest.mark.parametrize(
    ("key", "development", "grade"),
    [
        ("development-only-key", True, "note"),
        ("development-only-key", False, "problem"),
        ("short", False, "problem"),
        ("a" * 80, False, "problem"),
        ("kJ8x" * 20, False, "problem"),
        ("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", False, "good"),
    ],
)
def test_weak_key_is_a_problem(settings, key, development, grade):
    settings.SECRET_KEY, settings.DEVELOPMENT = key, development

    assert environment_checks.check_secret_key().grade == grade


def test_silent_broker_and_mail_server_are_problems(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMBEDDED_MAILBOX = "127.0.0.1", 1, False

    assert environment_checks.check_broker().grade == "problem"
    assert environment_checks.check_mail().grade == "problem"


@pytest.mark.parametrize(
    ("url", "hosts", "grade"),
    [
        ("http://crm.example.com", ["crm.example.com"], "problem"),
        ("https://crm.example.com", ["other.example.com"], "problem"),
        ("https://crm.example.com", ["crm.example.com"], "good"),
    ],
)
def test_customers_need_an_https_address_that_is_served(settings, url, hosts, grade):
    settings.DEVELOPMENT, settings.SITE_URL, settings.ALLOWED_HOSTS = False, url, hosts

    assert environment_checks.check_address().grade == grade


def test_check_that_breaks_is_a_problem_and_the_rest_goes_on(monkeypatch):
    def broken():
        raise RuntimeError("no such thing")

    monkeypatch.setattr(examination, "ENVIRONMENT_CHECKS", [broken, environment_checks.check_disk])

    found = examination.examine_installation()

    assert found[-2].grade == "problem"
    assert "no such thing" in found[-2].sentence
    assert found[-1].about == "disk"


def test_command_prints_json_and_ends_with_the_count_of_problems(monkeypatch, capsys):
    monkeypatch.setattr(examination, "ENVIRONMENT_CHECKS", [])
    call_command("doctor", "--json")
    assert json.loads(capsys.readouterr().out)["problems"] == 0

    monkeypatch.setattr(database_checks, "OLDEST_VERSION", 99)
    with pytest.raises(SystemExit) as end:
        call_command("doctor", "--json")
    assert end.value.code == 1
    assert json.loads(capsys.readouterr().out)["problems"] == 1
