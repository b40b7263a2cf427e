"""Tickets beside a bare Django project over the same rows: the open list, one ticket, a new one."""

import re
from collections.abc import Callable
from itertools import count

from crm.kernel.auth.models import User
from crm.kernel.time import clock
from crm.tools.bench.aims import QueryBudget, at_most_times
from crm.tools.bench.http_client import KeepAliveClient
from crm.tools.bench.page_benchmarks import DJANGO_SIDE, fetch_rows
from crm.tools.bench.query_count import count_page_queries
from crm.tools.bench.timing import WorkBenchmark

AT_ONCE = 5
TICKET_LINK = re.compile(r'href="/tickets/(ti_[0-9a-f]{16})/')
OPEN_TICKETS_SQL = """
SELECT t.public_id FROM feedback_ticket t LEFT JOIN customers_customer c ON c.id = t.customer_id
WHERE t.state IN ('new', 'open', 'on_hold', 'pending') AND t.waiting_since IS NOT NULL ORDER BY t.waiting_since, t.id LIMIT 40
"""
SAMPLE_TICKETS_SQL = (
    "SELECT public_id FROM feedback_ticket WHERE source_type = 'bench' AND state = 'open' ORDER BY id LIMIT 10"
)
TICKET_MESSAGES_SQL = """
SELECT t.subject, m.body, m.at FROM feedback_ticket t JOIN feedback_message m ON m.ticket_id = t.id
WHERE t.public_id = %s ORDER BY m.id
"""
NEWEST_CUSTOMER_SQL = "SELECT id, email FROM customers_customer WHERE source = 'bench' ORDER BY id DESC LIMIT 1"


def ticket_list_benchmark(client: KeepAliveClient, bare: KeepAliveClient, user: User) -> WorkBenchmark:
    """All open tickets, those that wait longest first."""
    path = "/tickets/?view=open"

    def read_page(of: KeepAliveClient) -> Callable[[], list[str]]:
        return lambda: list(dict.fromkeys(TICKET_LINK.findall(of.get(path))))

    return WorkBenchmark(
        "ticket list",
        read_page(client),
        lambda: [row[0] for row in fetch_rows(OPEN_TICKETS_SQL)],
        rounds=40,
        peers={DJANGO_SIDE: read_page(bare)},
        aims={DJANGO_SIDE: at_most_times(3, share=0.95)},
        budgets={"queries": QueryBudget(5, lambda: count_page_queries(user, path))},
        plan=OPEN_TICKETS_SQL,
    )


def ticket_benchmark(client: KeepAliveClient, bare: KeepAliveClient) -> WorkBenchmark:
    """One ticket after the other, with its words; ours shows the list and the customer beside it."""
    some = [row[0] for row in fetch_rows(SAMPLE_TICKETS_SQL)]

    def read_page(of: KeepAliveClient) -> Callable[[], list[bool]]:
        return lambda: ["The lid came in two pieces" in of.get(f"/tickets/{one}/") for one in some]

    return WorkBenchmark(
        "ticket",
        read_page(client),
        lambda: [len(fetch_rows(TICKET_MESSAGES_SQL, [one])) == 3 for one in some],
        each=len(some),
        rounds=20,
        peers={DJANGO_SIDE: read_page(bare)},
        aims={DJANGO_SIDE: at_most_times(3, share=0.95)},
        plan=TICKET_MESSAGES_SQL,
        given=some[:1],
    )


def new_ticket_benchmark(client: KeepAliveClient, bare: KeepAliveClient) -> WorkBenchmark:
    """A request by phone is written down: ticket and first message; ours also history, timeline, events, open count."""
    person, email = fetch_rows(NEWEST_CUSTOMER_SQL)[0]
    numbers = count(int(clock.now().timestamp() * 1000))
    ours = f"customer={email}&channel=phone&priority=2&subject=Lid+{{}}&body=The+lid+came+broken"
    theirs = f"customer={person}&channel=phone&language=zh-hans&subject=Lid+{{}}&body=The+lid+came+broken"

    def written(of: KeepAliveClient, form: str) -> Callable[[], int]:
        kind = "application/x-www-form-urlencoded"
        return lambda: sum(of.post("/tickets/new/", form.format(next(numbers)), kind) == "" for _turn in range(AT_ONCE))

    return WorkBenchmark(
        "new ticket",
        written(client, ours),
        written(bare, theirs),
        each=AT_ONCE,
        rounds=20,
        limit=DJANGO_SIDE,
        aims={DJANGO_SIDE: at_most_times(3)},
    )
