"""A first key without a browser."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from crm.kernel.api.models import ApiKey
from crm.kernel.api.scopes import SCOPES
from crm.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.rule("PL-20")


def printed(*arguments):
    output = StringIO()
    call_command("api_key", *arguments, stdout=output)
    return output.getvalue()


def ask(key, path):
    return APIClient().get(path, headers={"Authorization": f"Bearer {key}"}).status_code


def test_key_opens_what_its_scopes_say_and_is_the_first_administrators(make_user):
    admin = make_user("admin")
    make_user("admin")
    make_user("manager")

    answer = json.loads(printed("--name", "shop", "--scope", "tickets:read", "--json"))

    key = ApiKey.objects.get()
    assert (key.name, key.user, key.scopes, key.public_id) == ("shop", admin, ["tickets:read"], answer["id"])
    assert (ask(answer["key"], "/api/v1/tickets/"), ask(answer["key"], "/api/v1/orders/")) == (200, 403)
    entry = AuditEntry.objects.get(action="api_key.created")
    assert (entry.actor, entry.object_id, entry.after) == (admin, key.public_id, {"scopes": ["tickets:read"]})
    assert answer["key"] not in json.dumps(entry.after)


@pytest.mark.parametrize(
    ("arguments", "scopes"),
    [
        ([], sorted(SCOPES)),
        (["--scope", "all"], sorted(SCOPES)),
        (["--scope", "orders:write", "orders:read"], ["orders:read", "orders:write"]),
        (["--scope", "orders:write,orders:read"], ["orders:read", "orders:write"]),
        (["--scope", "orders:write", "--scope", "orders:write"], ["orders:write"]),
    ],
)
def test_scopes_are_one_some_or_all(make_user, arguments, scopes):
    make_user("admin")

    secret = printed("--name", "shop", *arguments).strip()

    assert ApiKey.objects.get().scopes == scopes
    assert secret.startswith("egk_")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--name", "shop", "--scope", "orders:rite"], "there is no orders:rite. There are: all, customers:read"),
        (["--name", "shop", "--scope", "all", "x"], "there is no x"),
        (["--name", "shop", "--scope", ","], "name at least one of all"),
        (["--name", "  "], "between 1 and 120 characters"),
        (["--name", "x" * 121], "between 1 and 120 characters"),
        (["--name", "shop", "--user", "nobody@example.com"], "no active administrator is called nobody@example.com"),
        (["--name", "shop", "--user", "manager@example.com"], "no active administrator"),
    ],
)
def test_what_cannot_be_is_refused_with_words_and_makes_no_key(make_user, arguments, words):
    make_user("admin")
    make_user("manager", email="manager@example.com")

    with pytest.raises(CommandError, match=words):
        printed(*arguments)

    assert not ApiKey.objects.exists()


def test_key_of_a_named_administrator(make_user):
    make_user("admin")
    other = make_user("admin", email="ops@example.com")

    printed("--name", "shop", "--user", " OPS@example.com ")

    assert ApiKey.objects.get().user == other


def test_without_an_administrator_there_is_no_key(db):
    with pytest.raises(CommandError, match="no administrator yet"):
        printed("--name", "shop")
