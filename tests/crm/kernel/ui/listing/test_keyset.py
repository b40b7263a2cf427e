"""Keyset paging: whatever ties and missing values there are, walking a list shows every row once, both ways."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from crm.kernel.ui.listing.cursors import BadCursor
from crm.kernel.ui.listing.keyset import Listing

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]
SORTS = {
    "total": ("total?", "id"),
    "newest": ("-total?", "-id"),
    "done": ("done", "id"),
    "mixed": ("-done", "id"),
    "odd": ("total?", "-id"),
}
EVERY = [*SORTS, *(f"-{name}" for name in SORTS)]
small = some.integers(0, 3)


def fill(values: list[tuple[int | None, int]]) -> None:
    Job.objects.all().delete()
    now = clock.now()
    Job.objects.bulk_create(Job(kind="x", title="x", created_at=now, total=total, done=done) for total, done in values)


def expected(sort: str) -> list[int]:
    """The order, worked out without the database."""
    columns = [
        (column.strip("-?"), column.startswith("-") != sort.startswith("-")) for column in SORTS[sort.lstrip("-")]
    ]
    rows = list(Job.objects.order_by("id"))
    for column, down in reversed(columns):
        rows.sort(key=lambda row: getattr(row, column) or 0, reverse=down)
    first = columns[0][0]
    return [row.pk for row in rows if getattr(row, first) is not None] + [
        row.pk for row in rows if getattr(row, first) is None
    ]


def walk(listing: Listing, sort: str) -> tuple[list[int], list[int]]:
    """All ids forward to the end, then all ids back to the beginning."""
    page = listing.get_page(sort)
    assert page.previous_cursor is None
    forward = [row.pk for row in page.rows]
    while page.next_cursor:
        page = listing.get_page(sort, page.next_cursor)
        forward += [row.pk for row in page.rows]
    back = [row.pk for row in page.rows]
    while page.previous_cursor:
        page = listing.get_page(sort, page.previous_cursor)
        assert page.next_cursor
        back = [row.pk for row in page.rows] + back
    return forward, back


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=some.lists(some.tuples(some.none() | small, small), max_size=14),
    size=some.integers(1, 5),
    sort=some.sampled_from(EVERY),
)
def test_walking_both_ways_shows_every_row_once_in_order(values, size, sort):
    fill(values)

    forward, back = walk(Listing(Job.objects.all(), SORTS, default="done", size=size), sort)

    assert forward == expected(sort)
    assert back == expected(sort)


def test_deep_page_begins_inside_the_index():
    """The row comparison is an index condition; written with OR it would read all rows before the page."""
    fill([(None, done) for done in (1, 1, 2)])
    listing = Listing(Job.objects.all(), SORTS, default="done", size=1)
    first, asked = listing.get_page("done"), list[str]()

    with connection.execute_wrapper(
        lambda run, sql, params, many, context: asked.append(sql) or run(sql, params, many, context)
    ):
        listing.get_page("done", first.next_cursor)

    assert [sql for sql in asked if '("kernel_job"."done", "kernel_job"."id") > (' in sql] == asked
    assert len(asked) == 1


@pytest.mark.parametrize("cursor", ["x", "eyJ9", "W10", "WyJkb25lIiwwLFsxLDJdXQ=="])
def test_foreign_cursor_is_refused(cursor):
    with pytest.raises(BadCursor):
        Listing(Job.objects.all(), SORTS, default="total").get_page("total", cursor)


def test_count_stops_early():
    fill([(1, 1)] * 1005)

    listing = Listing(Job.objects.all(), SORTS, default="done")
    assert listing.count_rows(listing.get_page()) == 1001


def test_list_on_one_page_is_counted_without_asking(django_assert_num_queries):
    fill([(1, 1)] * 50)
    listing = Listing(Job.objects.all(), SORTS, default="done")

    with django_assert_num_queries(1):
        assert listing.count_rows(listing.get_page()) == 50


def test_last_page_is_no_whole_list():
    fill([(1, 1)] * 51)
    listing = Listing(Job.objects.all(), SORTS, default="done")

    last = listing.get_page("done", listing.get_page("done").next_cursor)

    assert (len(last.rows), last.is_only_page, listing.count_rows(last)) == (1, False, 51)
