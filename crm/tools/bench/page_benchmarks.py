"""Pages against bare SQL: the list, search, the customer page, the dashboard, each over a kept connection to a real server."""

import json
import re
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection

from crm.kernel import company
from crm.kernel.time.periods import Period
from crm.tools.bench.aims import at_most_times
from crm.tools.bench.http_client import KeepAliveClient
from crm.tools.bench.timing import LIMIT, WorkBenchmark
from customers.profiles import search
from retention.metrics import selectors, windows

CUSTOMER_LINK = re.compile(r'href="/customers/(cu_[0-9a-f]{16})/"')
# The commonest two characters, a full name, pinyin, initials, a phone, an e-mail, and what nobody is called.
SEARCH_QUERIES = ["林嘉", "欧阳明", "linjia", "wjg", "13800000099", "person4242@", "Hartmann", "查无此人", "zzqx"]

DJANGO_SIDE = "bare Django page"
CUSTOMER_LIST_SQL = """
SELECT c.public_id, c.display_name, c.email, c.phone, s.orders, s.net_spend, s.last_order_at
FROM customers_customersummary s JOIN customers_customer c ON c.id = s.customer_id
WHERE c.merged_into_id IS NULL AND c.archived_at IS NULL
ORDER BY s.last_order_at DESC, s.customer_id DESC LIMIT 50
"""
SEARCH_SQL = """
SELECT c.public_id FROM customers_customer c
WHERE c.merged_into_id IS NULL AND c.archived_at IS NULL AND {found}
ORDER BY c.sort_key, c.id LIMIT 50
"""
CUSTOMER_SQL = """
SELECT c.public_id, c.display_name, c.email, c.phone, s.orders, s.net_spend, s.first_order_at, s.last_order_at, s.gap_days
FROM customers_customer c JOIN customers_customersummary s ON s.customer_id = c.id WHERE c.public_id = %s
"""
TIMELINE_SQL = """
SELECT t.kind, t.at, t.data FROM customers_timelineentry t JOIN customers_customer c ON c.id = t.customer_id
WHERE c.public_id = %s ORDER BY t.at DESC, t.id DESC LIMIT 30
"""
CACHED_FIGURES_SQL = "SELECT figures::text FROM retention_metriccell WHERE key = %s"


def fetch_rows(sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
    """All rows of a bare statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def linked_customer_ids(page: str) -> list[str]:
    """Public ids of the customers that a page links to, each once, in its order."""
    return list(dict.fromkeys(CUSTOMER_LINK.findall(page)))


def search_benchmark(client: KeepAliveClient, plain: KeepAliveClient) -> WorkBenchmark:
    """Every query of the committed mix once."""

    def bare() -> list[list[str]]:
        found = []
        for query in SEARCH_QUERIES:
            parts = search.search_terms(query)
            condition = " AND ".join(["c.search_text LIKE %s"] * len(parts))
            given = [f"%{part.replace('%', '').replace('_', '')}%" for part in parts]
            found.append([row[0] for row in fetch_rows(SEARCH_SQL.format(found=condition), given)])
        return found

    def ours() -> list[list[str]]:
        return [
            linked_customer_ids(client.get(f"/customers/?sort=name&q={_quote_query(query)}"))
            for query in SEARCH_QUERIES
        ]

    def django() -> list[list[str]]:
        paths = [urlencode([("part", part) for part in search.search_terms(query)]) for query in SEARCH_QUERIES]
        return [linked_customer_ids(plain.get(f"/customers/search/?{path}")) for path in paths]

    plan, given = SEARCH_SQL.format(found="c.search_text LIKE %s"), [f"%{search.search_terms(SEARCH_QUERIES[0])[0]}%"]
    return WorkBenchmark(
        "search",
        ours,
        bare,
        each=len(SEARCH_QUERIES),
        rounds=20,
        plan=plan,
        given=given,
        peers={DJANGO_SIDE: django},
        aims={DJANGO_SIDE: at_most_times(3, share=0.95)},
        growth=1.25,
    )


def _quote_query(text: str) -> str:
    return quote(text)


def customer_page_benchmark(client: KeepAliveClient) -> WorkBenchmark:
    """One customer after the other: facts, summary and the newest thirty entries of the timeline."""
    people = [
        row[0]
        for row in fetch_rows("SELECT public_id FROM customers_customer WHERE source = 'bench' ORDER BY id LIMIT 10")
    ]

    def ours() -> list[bool]:
        return [person in client.get(f"/customers/{person}/") for person in people]

    def bare() -> list[bool]:
        return [
            bool(fetch_rows(CUSTOMER_SQL, [person])) and bool(fetch_rows(TIMELINE_SQL, [person])) for person in people
        ]

    return WorkBenchmark("customer page", ours, bare, each=len(people), rounds=9, plan=TIMELINE_SQL, given=people[:1])


def dashboard_benchmark(client: KeepAliveClient, today: date) -> WorkBenchmark:
    """The dashboard of the last year from kept figures, against reading the one kept row."""
    window = windows.metric_window(Period(date(today.year - 1, 1, 1), date(today.year, 1, 1)))
    ends = f"&amp;start={window.start}&amp;end={window.end}"
    shown = re.compile(rf'behind=(active_start|lost|active_end){ends}[^"]*">([\d,]+)</a>')
    key = selectors._window_key(window)

    def ours() -> list[int]:
        found = dict(shown.findall(client.get("/retention/?period=last_year")))
        return [int(found[name].replace(",", "")) for name in ("active_start", "lost", "active_end")]

    def bare() -> list[int]:
        start, kept, new, back = json.loads(fetch_rows(CACHED_FIGURES_SQL, [key])[0][0])["bridge"]
        return [start, start - kept, kept + new + back]

    return WorkBenchmark("dashboard", ours, bare, rounds=9, plan=CACHED_FIGURES_SQL, given=[key])


def recount_benchmark(today: date) -> WorkBenchmark:
    """Counting one window anew, against the bare statement straight over the orders."""
    window = windows.metric_window(
        Period(date(today.year - 1, 1, 1), date(today.year, 1, 1)), company.get_company().active_days
    )

    def bare() -> tuple[int, ...]:
        return tuple(fetch_rows(windows.WINDOW_FIGURES_SQL.format(restriction=""), window.instants)[0][:4])

    def ours() -> tuple[int, ...]:
        bridge = windows.count_window(window).bridge
        return (bridge.active_start, bridge.retained, bridge.new, bridge.won_back)

    return WorkBenchmark("count a year anew", ours, bare, rounds=5, aims={LIMIT: at_most_times(1.3)})
