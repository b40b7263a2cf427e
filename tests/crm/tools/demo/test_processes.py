"""Two processes with the same seed and clock make the same company, whatever order their sets of words come in."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from psycopg import connect

ROOT = Path(__file__).parents[4]
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL")
NOW = {"CRM_NOW": "2026-03-14T10:20:00+08:00", "CRM_NOW_SINCE": ""}
# Keys that tell nobody anything are drawn anew each time, and the clock ticks on while the company is made.
DRAWN = re.compile(
    r"\b[a-z]{2,3}_[0-9a-f]{16}\b|\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b|\\\\x[0-9a-f]{64}|\b[0-9a-f]{24,64}\b|[\w-]{43}"
    r"|(?<=\d)T\d\d:\d\d:[\d.:+]+"
)
NOT_COMPARED = {"id", "seconds"}
TABLES = """
SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
  AND relname ~ '^(customers|loyalty|feedback|retention)_' ORDER BY relname
"""


@pytest.fixture
def empty(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[str], dict[str, str]]]:
    """An empty database and folder by suffix: the environment of a process that lives there."""
    made: list[str] = []

    def make(suffix: str) -> dict[str, str]:
        _leave_alone()
        connection.creation.clone_test_db(suffix, verbosity=0)
        made.append(suffix)
        path = "/" + connection.creation.get_test_db_clone_settings(suffix)["NAME"]
        addresses = {name: urlsplit(os.environ[name])._replace(path=path).geturl() for name in ADDRESSES}
        return {**os.environ, **NOW, **addresses, "CRM_VAR": str(tmp_path / suffix)}

    yield make
    for suffix in made:
        connection.creation.destroy_test_db(suffix=suffix, verbosity=0)


def _leave_alone() -> None:
    """A database is copied while nobody is in it: threads of earlier tests may still hold sessions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
    connection.close()


def found_company(environ: dict[str, str]) -> subprocess.Popen[str]:
    order = [sys.executable, "manage.py", "demo", "--customers=12", "--seed=5", "--password=mountain-mist-9"]
    pipe = subprocess.PIPE
    return subprocess.Popen(order, cwd=ROOT, env=environ, stdout=pipe, stderr=pipe, text=True)


def books(address: str) -> dict[str, list[str]]:
    """Table → its rows without what tells nobody anything."""
    with connect(address) as session:
        return {
            name: sorted(told(row) for (row,) in session.execute(f'SELECT to_jsonb(t) FROM "{name}" t'))
            for (name,) in session.execute(TABLES).fetchall()
        }


def told(row: dict[str, Any]) -> str:
    kept = {name: value for name, value in row.items() if name not in NOT_COMPARED}
    return DRAWN.sub("#", json.dumps(kept, ensure_ascii=False, sort_keys=True))


@pytest.mark.slow
@pytest.mark.rule("PL-4")
def test_company_does_not_depend_on_the_order_of_sets(empty: Callable[[str], dict[str, str]]) -> None:
    places = [{**empty(suffix), "PYTHONHASHSEED": suffix} for suffix in "12"]
    for process in [found_company(environ) for environ in places]:
        said = process.communicate(timeout=110)[1]
        assert process.returncode == 0, said

    one, two = (books(environ["DATABASE_URL"]) for environ in places)

    assert {name: set(rows) ^ set(two[name]) for name, rows in one.items() if rows != two[name]} == {}
    assert len(one["customers_customer"]) == 12
    assert len(one["loyalty_ledgerentry"]) > 20
