"""Tickets beside a bare Django project over the same rows: the open list, one ticket, a new one."""

import re
from collections.abc import Callable
from itertools import count

from crm.kernel.auth.models import User
from crm.kernel.time import clock
from crm.tools.bench.aims import Budget, at_most
from crm.tools.bench.http_client import Client
from crm.tools.bench.page_benchmarks import DJANGO, rows
from crm.tools.bench.query_count import of_page
from crm.tools.bench.timing import Piece

AT_ONCE = 5
IDS = re.compile(r'href="/tickets/(ti_[0-9a-f]{16})/')
OPEN = """
SELECT t.public_id FROM feedback_ticket t LEFT JOIN customers_customer c ON c.id = t.customer_id
WHERE t.state IN ('new', 'open', 'on_hold', 'pending') AND t.waiting_since IS NOT NULL ORDER BY t.waiting_since, t.id LIMIT 40
"""
SOME = "SELECT public_id FROM feedback_ticket WHERE source_type = 'bench' AND state = 'open' ORDER BY id LIMIT 10"
ONE = """
SELECT t.subject, m.body, m.at FROM feedback_ticket t JOIN feedback_message m ON m.ticket_id = t.id
WHERE t.public_id = %s ORDER BY m.id
"""
PERSON = "SELECT id, email FROM customers_customer WHERE source = 'bench' ORDER BY id DESC LIMIT 1"


def ticket_list(client: Client, bare: Client, user: User) -> Piece:
    """All open tickets, those that wait longest first."""
    path = "/tickets/?view=open"

    def shown(of: Client) -> Callable[[], list[str]]:
        return lambda: list(dict.fromkeys(IDS.findall(of.get(path))))

    return Piece(
        "ticket list",
        shown(client),
        lambda: [row[0] for row in rows(OPEN)],
        rounds=40,
        peers={DJANGO: shown(bare)},
        aims={DJANGO: at_most(3, share=0.95)},
        budgets={"queries": Budget(5, lambda: of_page(user, path))},
        plan=OPEN,
    )


def ticket(client: Client, bare: Client) -> Piece:
    """One ticket after the other, with its words; ours shows the list and the customer beside it."""
    some = [row[0] for row in rows(SOME)]

    def shown(of: Client) -> Callable[[], list[bool]]:
        return lambda: ["The lid came in two pieces" in of.get(f"/tickets/{one}/") for one in some]

    return Piece(
        "ticket",
        shown(client),
        lambda: [len(rows(ONE, [one])) == 3 for one in some],
        each=len(some),
        rounds=20,
        peers={DJANGO: shown(bare)},
        aims={DJANGO: at_most(3, share=0.95)},
        plan=ONE,
        given=some[:1],
    )


def ticket_new(client: Client, bare: Client) -> Piece:
    """A request by phone is written down: ticket and first message; ours also history, timeline, events, open count."""
    person, email = rows(PERSON)[0]
    numbers = count(int(clock.now().timestamp() * 1000))
    ours = f"customer={email}&channel=phone&priority=2&subject=Lid+{{}}&body=The+lid+came+broken"
    theirs = f"customer={person}&channel=phone&language=zh-hans&subject=Lid+{{}}&body=The+lid+came+broken"

    def written(of: Client, form: str) -> Callable[[], int]:
        kind = "application/x-www-form-urlencoded"
        return lambda: sum(of.post("/tickets/new/", form.format(next(numbers)), kind) == "" for _turn in range(AT_ONCE))

    return Piece(
        "new ticket",
        written(client, ours),
        written(bare, theirs),
        each=AT_ONCE,
        rounds=20,
        limit=DJANGO,
        aims={DJANGO: at_most(3)},
    )
