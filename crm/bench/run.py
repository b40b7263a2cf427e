"""The whole bench: data, pieces turn by turn, then everything at once under the load of a second process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from crm.bench import (
    care,
    data,
    deep,
    figures,
    imports,
    ledger,
    mail,
    order_imports,
    pages,
    points_data,
    ticket_data,
    tickets,
    timing,
    writes,
)
from crm.bench.timing import Measured, Piece, Unequal
from crm.bench.web import server, session_of, signed_in
from crm.kernel import clock, company, defaults
from crm.kernel.people.models import User

BARE_LOGIN = "django.contrib.auth.backends.ModelBackend"
Tell = Callable[[str], None]


class NotABenchDatabase(Exception):
    """The database holds other people's customers; the bench fills one of its own."""


def prepare(customers: int, tell: Tell) -> User:
    """The bench's data and its user; data of the same size are used again."""
    from customers.profiles.models import Customer

    there = data.exists()
    if Customer.objects.exclude(source="bench").exists() or there not in (0, customers):
        raise NotABenchDatabase(f"{there} customers of an earlier bench and others stand here: empty var/bench first")
    defaults.ensure_defaults()
    if not there:
        data.generate(customers, tell)
    for more in (points_data, ticket_data):
        more.ensure(clock.now())
    user = User.objects.filter(email="bench@bench.example").first()
    return user or User.objects.create_superuser("bench@bench.example", None, name="Bench")


def run(customers: int, seconds: float, tell: Tell, only: str = "", rounds: int = 0) -> dict[str, Any]:
    """Every piece measured, then the load; `only` limits it to pieces whose name contains it, `rounds` is for a quick look."""
    user = prepare(customers, tell)
    today = clock.today(company.get().time_zone)
    with server() as address, server("crm.bench.bare.settings") as bare_address:
        client, bare = signed_in(address, user), signed_in(bare_address, user, BARE_LOGIN)
        client.get("/retention/?period=last_year")
        makers: list[Callable[[], Piece]] = [
            lambda: deep.first_page(client, bare, user),
            lambda: deep.deep_page(client, bare, user),
            lambda: pages.searches(client, bare),
            lambda: pages.customer_page(client),
            lambda: pages.dashboard(client, today),
            lambda: pages.recount(today),
            lambda: writes.orders(address, user),
            lambda: writes.answers(address),
            lambda: figures.kept_cohorts(today),
            lambda: figures.kept_trend(today),
            lambda: figures.rebuild(today),
            lambda: figures.refresh(today),
            figures.lapsed,
            lambda: tickets.ticket_list(client, bare, user),
            lambda: tickets.ticket(client, bare),
            lambda: tickets.ticket_new(client, bare),
            ledger.earn,
            ledger.redeem,
            ledger.expire,
            imports.customers,
            imports.customers_again,
            order_imports.orders,
            care.due_selection,
            care.planning,
            care.planning_again,
            mail.sending,
            mail.writing_and_sending,
        ]
        measured = [found for make in makers if (found := _measure(make, only, rounds, tell))]
        load = _load(address, user, seconds, tell) if not only else None
    return {
        "customers": customers,
        "orders": customers * data.ORDERS_EACH,
        "machine": {"cores": os.cpu_count(), "postgresql": pages.rows("SHOW server_version")[0][0]},
        "pieces": [each.as_json() if isinstance(each, Measured) else each for each in measured],
        "load": load,
    }


def _measure(make: Callable[[], Piece], only: str, rounds: int, tell: Tell) -> Measured | dict[str, str] | None:
    piece = make()
    if only not in piece.name:
        return None
    tell(piece.name)
    try:
        found = timing.measure(replace(piece, rounds=rounds or piece.rounds))
    except Unequal as error:
        tell(f"no figure: {error}")
        return {"name": piece.name, "unequal": str(error)}
    found.plan = _plan(piece)
    return found


def _plan(piece: Piece) -> list[str]:
    """How PostgreSQL goes about the bare statement; one with parameters names them in `given`."""
    if not piece.plan:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {piece.plan}", piece.given or None)
        return [line for (line,) in cursor.fetchall()]


def _load(address: str, user: User, seconds: float, tell: Tell) -> dict[str, Any]:
    tell(f"load of a second process, {seconds:.0f} s")
    cookie, key = {"Cookie": session_of(user)}, writes.api_headers(user)
    people = [
        row[0]
        for row in pages.rows("SELECT public_id FROM customers_customer WHERE source = 'bench' ORDER BY id LIMIT 50")
    ]
    requests: list[dict[str, Any]] = [
        {"name": "customer list", "path": "/customers/?sort=-last", "headers": cookie},
        {"name": "dashboard", "path": "/retention/?period=last_year", "headers": cookie},
    ]
    for query, person in zip(pages.QUERIES, people, strict=False):
        requests.append({"name": "search", "path": f"/customers/?q={quote(query)}", "headers": cookie})
        requests.append({"name": "customer page", "path": f"/customers/{person}/", "headers": cookie})
    tokens = writes.invitations(2000, f"load-{clock.now().timestamp()}")
    form = "application/x-www-form-urlencoded"
    once: list[dict[str, Any]] = [
        {"name": "survey answer", "path": f"/s/{token}/", "body": "score=9", "kind": form} for token in tokens
    ]
    stamp = int(clock.now().timestamp())
    once += [
        {
            "name": "order API",
            "path": "/api/v1/orders/",
            "headers": key,
            "body": writes.order_body(people[n % 50], f"L{stamp}-{n}"),
        }
        for n in range(2000)
    ]
    once = [request for pair in zip(once[:2000], once[2000:], strict=True) for request in pair]
    plan = {"address": address, "seconds": seconds, "clients": 4, "requests": requests, "once": once}
    command = [sys.executable, "-m", "crm.bench.load"]
    done = subprocess.run(
        command, input=json.dumps(plan), capture_output=True, text=True, check=True, cwd=settings.BASE_DIR
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]
