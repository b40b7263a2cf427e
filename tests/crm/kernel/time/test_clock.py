"""One clock, in Python and in SQL."""

from datetime import timedelta

from django.db import connection

from crm.kernel.time import clock


def test_clock_moves_here_and_in_sql(at):
    at("2026-02-28T10:00:00+08:00")

    with connection.cursor() as cursor:
        cursor.execute("SELECT crm_now()")
        (in_sql,) = cursor.fetchone()

    assert clock.today("Asia/Shanghai").isoformat() == "2026-02-28"
    assert abs(clock.now() - in_sql) < timedelta(seconds=1)
