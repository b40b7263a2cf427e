"""SQL outside of `queries`, and SQL over the tables of another app, is found."""

from pathlib import Path

import pytest

from crm.tools.check import raw_sql

OWN = 'EXPIRE_SQL = """\nUPDATE loyalty_pointslot SET points = 0\n"""\n'
FOREIGN = 'BUYERS_SQL = "SELECT customer_id FROM customers_order"\n'
IN_PIECES = 'BUYERS_SQL = f"""WITH buyer AS (SELECT 1 FROM customers_order {WHERE}) SELECT 1"""\n'


@pytest.fixture
def house(tmp_path: Path):
    def build(name: str, code: str) -> Path:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code)
        return tmp_path

    return build


def texts(findings) -> list[str]:
    return [str(finding) for finding in findings]


def test_sql_in_queries_about_own_tables_is_left_alone(house):
    base = house("loyalty/points/queries.py", OWN)

    assert raw_sql.scattered_sql(base) == []
    assert raw_sql.foreign_sql(base) == []


def test_sql_elsewhere_is_found(house):
    assert texts(raw_sql.scattered_sql(house("loyalty/points/expiry.py", OWN))) == [
        "loyalty/points/expiry.py:1: SQL outside queries.py"
    ]


@pytest.mark.parametrize("code", [FOREIGN, IN_PIECES])
def test_sql_over_a_table_of_another_app_is_found(house, code):
    assert texts(raw_sql.foreign_sql(house("loyalty/points/queries.py", code))) == [
        "loyalty/points/queries.py:1: SQL over customers_order, which is not its own"
    ]


def test_an_allowed_module_may_look_down_but_not_sideways_or_up(house, monkeypatch):
    monkeypatch.setitem(raw_sql.FOREIGN_TABLES, "loyalty/points/queries.py", "because")
    assert raw_sql.foreign_sql(house("loyalty/points/queries.py", FOREIGN)) == []

    sideways = FOREIGN.replace("customers_order", "feedback_ticket")
    assert len(raw_sql.foreign_sql(house("loyalty/points/queries.py", sideways))) == 1


def test_prose_that_begins_like_a_statement_is_no_sql(house):
    base = house("loyalty/points/expiry.py", 'TEXT = "UPDATE your address"\nDOC = "With loyalty_points you win"\n')

    assert raw_sql.scattered_sql(base) == []


def test_every_reason_is_still_needed():
    named = {path.as_posix() for path, _line, _sql in raw_sql._statements(raw_sql.PROJECT_ROOT)}

    assert set(raw_sql.ELSEWHERE) | set(raw_sql.FOREIGN_TABLES) <= named
