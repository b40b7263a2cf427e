"""The customer list at half its depth, by keyset, against its own first page and a bare Django page of the same rows."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from crm.kernel.auth.models import User
from crm.kernel.ui.listing import cursors
from crm.tools.bench.aims import QueryBudget, at_most_times
from crm.tools.bench.http_client import KeepAliveClient
from crm.tools.bench.page_benchmarks import CUSTOMER_LIST_SQL, DJANGO_SIDE, fetch_rows, linked_customer_ids
from crm.tools.bench.query_count import count_page_queries
from crm.tools.bench.timing import WorkBenchmark

SORT = "-last"
HALFWAY_SQL = """
SELECT last_order_at, customer_id FROM customers_customersummary ORDER BY last_order_at DESC, customer_id DESC
OFFSET (SELECT count(*) / 2 FROM customers_customersummary) LIMIT 1
"""
AFTER_CURSOR_SQL = CUSTOMER_LIST_SQL.replace("WHERE", "WHERE (s.last_order_at, s.customer_id) < (%s, %s) AND")


def first_page_benchmark(client: KeepAliveClient, bare: KeepAliveClient, user: User) -> WorkBenchmark:
    """The first fifty customers by last purchase."""
    path = f"/customers/?sort={SORT}"
    return _page_benchmark(
        "customer list", client, path, bare, "/customers/", [row[0] for row in fetch_rows(CUSTOMER_LIST_SQL)], user
    )


def deep_page_benchmark(client: KeepAliveClient, bare: KeepAliveClient, user: User) -> WorkBenchmark:
    """The fifty customers behind the middle one; cursors cost the same on every page."""
    at, customer = fetch_rows(HALFWAY_SQL)[0]
    expected = [row[0] for row in fetch_rows(AFTER_CURSOR_SQL, [at, customer])]
    path = f"/customers/?sort={SORT}&cursor={cursors.encode_cursor(SORT, [at, customer], backward=False)}"
    theirs = f"/customers/?at={quote(at.isoformat())}&id={customer}"
    piece = _page_benchmark(
        "customer list, deep", client, path, bare, theirs, expected, user, AFTER_CURSOR_SQL, [at, customer]
    )
    first = _page_check(client, f"/customers/?sort={SORT}", [row[0] for row in fetch_rows(CUSTOMER_LIST_SQL)])
    piece.peers["own first page"] = first  # type: ignore[index]
    return piece


def _page_benchmark(
    name: str, client: KeepAliveClient, path: str, bare: KeepAliveClient, theirs: str, expected: list[str], user: User,
    sql: str = CUSTOMER_LIST_SQL, parameters: Any = (),
) -> WorkBenchmark:  # fmt: skip
    return WorkBenchmark(
        name,
        _page_check(client, path, expected),
        lambda: [row[0] for row in fetch_rows(sql, parameters)] == expected and len(expected),
        rounds=60,
        peers={DJANGO_SIDE: _page_check(bare, theirs, expected)},
        aims={DJANGO_SIDE: at_most_times(3, share=0.95)},
        budgets={"queries": QueryBudget(5, lambda: count_page_queries(user, path))},
        growth=1.25,
        plan=sql,
        given=parameters,
    )


def _page_check(client: KeepAliveClient, path: str, expected: list[str]) -> Callable[[], Any]:
    """How many rows a page shows, if they are the right ones in the right order."""
    return lambda: linked_customer_ids(client.get(path)) == expected and len(expected)
