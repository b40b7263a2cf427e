"""The customer list at half its depth, by keyset, against its own first page and a bare Django page of the same rows."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from crm.kernel.auth.models import User
from crm.kernel.ui.listing import cursors
from crm.tools.bench.aims import Budget, at_most
from crm.tools.bench.http_client import Client
from crm.tools.bench.page_benchmarks import DJANGO, LIST, in_order, rows
from crm.tools.bench.query_count import of_page
from crm.tools.bench.timing import Piece

SORT = "-last"
HALFWAY = """
SELECT last_order_at, customer_id FROM customers_customersummary ORDER BY last_order_at DESC, customer_id DESC
OFFSET (SELECT count(*) / 2 FROM customers_customersummary) LIMIT 1
"""
AFTER = LIST.replace("WHERE", "WHERE (s.last_order_at, s.customer_id) < (%s, %s) AND")


def first_page(client: Client, bare: Client, user: User) -> Piece:
    """The first fifty customers by last purchase."""
    path = f"/customers/?sort={SORT}"
    return _page("customer list", client, path, bare, "/customers/", [row[0] for row in rows(LIST)], user)


def deep_page(client: Client, bare: Client, user: User) -> Piece:
    """The fifty customers behind the middle one; cursors cost the same on every page."""
    at, customer = rows(HALFWAY)[0]
    expected = [row[0] for row in rows(AFTER, [at, customer])]
    path = f"/customers/?sort={SORT}&cursor={cursors.encode(SORT, [at, customer], backward=False)}"
    theirs = f"/customers/?at={quote(at.isoformat())}&id={customer}"
    piece = _page("customer list, deep", client, path, bare, theirs, expected, user, AFTER, [at, customer])
    first = _right(client, f"/customers/?sort={SORT}", [row[0] for row in rows(LIST)])
    piece.peers["own first page"] = first  # type: ignore[index]
    return piece


def _page(
    name: str, client: Client, path: str, bare: Client, theirs: str, expected: list[str], user: User,
    sql: str = LIST, given: Any = (),
) -> Piece:  # fmt: skip
    return Piece(
        name,
        _right(client, path, expected),
        lambda: [row[0] for row in rows(sql, given)] == expected and len(expected),
        rounds=60,
        peers={DJANGO: _right(bare, theirs, expected)},
        aims={DJANGO: at_most(3, share=0.95)},
        budgets={"queries": Budget(5, lambda: of_page(user, path))},
        growth=1.25,
        plan=sql,
        given=given,
    )


def _right(client: Client, path: str, expected: list[str]) -> Callable[[], Any]:
    """How many rows a page shows, if they are the right ones in the right order."""
    return lambda: in_order(client.get(path)) == expected and len(expected)
