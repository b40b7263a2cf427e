"""Test databases are copies of one template, which is made once for all processes and anew for another schema."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as product
from django.db import connection

from crm.kernel.audit.models import AuditEntry
from crm.kernel.auth.models import Team
from crm.kernel.db.backend import creation

NAMES = ("crm_pretended_1", "crm_pretended_2")
PREFIX = "crm_pretended_template_"


@pytest.fixture
def made(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the templates that were migrated; here that is quick, and nobody else's are touched."""
    found: list[str] = []

    def make(self: creation.DatabaseCreation, name: str) -> None:
        found.append(name)
        owner("CREATE DATABASE " + name)

    monkeypatch.setattr(creation, "PREFIX", PREFIX)
    monkeypatch.setattr(creation.DatabaseCreation, "_make", make)
    own = product.DATABASES["default"]["NAME"]
    yield found
    product.DATABASES["default"]["NAME"] = own
    for name in databases():
        owner(f"DROP DATABASE {name} WITH (FORCE)")


def owner(statement: str) -> list[Any]:
    """What the owner finds or does outside of all test databases."""
    other = connection.copy()
    with other.as_owner(), other._nodb_cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def databases() -> list[str]:
    return [
        name for (name,) in owner("SELECT datname FROM pg_database WHERE datname LIKE 'crm_pretended%' ORDER BY oid")
    ]


def create(name: str) -> str:
    """What a process of the tests does first."""
    other = connection.copy()
    other.settings_dict["TEST"]["NAME"] = name
    return other.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


def test_two_processes_make_one_template(made):
    with ThreadPoolExecutor() as pool:
        names = list(pool.map(create, NAMES))

    template = PREFIX + creation.fingerprint()
    assert names == list(NAMES)
    assert made == [template + "_unfinished"]
    assert set(databases()) == {template, *NAMES}


def test_half_made_template_and_old_ones_are_dropped(made):
    for name in ("a", "b", "c", "d_unfinished"):
        owner(f"CREATE DATABASE {PREFIX}{name}")

    create(NAMES[0])

    assert databases() == [PREFIX + "b", PREFIX + "c", PREFIX + creation.fingerprint(), NAMES[0]]


@pytest.mark.django_db
def test_this_database_has_what_migrations_put_there():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 20
        cursor.execute("SELECT count(*) FROM django_content_type")
        assert cursor.fetchone()[0] > 50


def test_changed_migration_has_its_own_template(settings, tmp_path: Path, monkeypatch):
    folder = tmp_path / "pretended_migrations"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"kernel": "pretended_migrations"}

    found = {creation.fingerprint()}
    (folder / "0001_ground.py").write_text("import crm.kernel.db.public_ids")
    found.add(creation.fingerprint())
    (folder / "0001_ground.py").write_text("import crm.kernel.db.public_ids, crm.kernel.money")
    found.add(creation.fingerprint())

    assert len(found) == 3


def test_what_migrations_import_is_part_of_the_fingerprint():
    names = {path.name for path in creation._files()}

    assert {"operations.py", "grants.py", "migrate.py", "public_ids.py", "0001_ground.py"} <= names


@pytest.mark.parametrize(("model", "rights"), [(Team, {"APPEND_ONLY": True}), (AuditEntry, {"UPDATABLE": ("action",)})])
def test_other_privileges_have_their_own_template(model, rights, monkeypatch):
    before = creation.fingerprint()

    for name, value in rights.items():
        monkeypatch.setattr(model, name, value, raising=False)

    assert creation.fingerprint() != before


def test_other_role_has_its_own_template(monkeypatch):
    before = creation.fingerprint()

    monkeypatch.setitem(product.DATABASES["default"], "USER", "somebody")

    assert creation.fingerprint() != before
