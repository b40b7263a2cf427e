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

from crm.kernel import company
from crm.kernel.auth.models import User
from crm.kernel.ops import defaults
from crm.kernel.time import clock
from crm.tools.bench import (
    care_benchmarks,
    customer_data,
    customer_import_benchmarks,
    customer_list_benchmarks,
    mail_benchmarks,
    metric_benchmarks,
    order_import_benchmarks,
    page_benchmarks,
    points_benchmarks,
    points_data,
    ticket_benchmarks,
    ticket_data,
    timing,
    write_benchmarks,
)
from crm.tools.bench.timing import BenchmarkResult, UnequalChecksums, WorkBenchmark
from crm.tools.bench.web_server import run_web_server, session_cookie, signed_in_client

BARE_LOGIN = "django.contrib.auth.backends.ModelBackend"
ProgressCallback = Callable[[str], None]


class NotABenchDatabase(Exception):
    """The database holds other people's customers; the bench fills one of its own."""


def prepare_database(customers: int, tell: ProgressCallback) -> User:
    """The bench's data and its user; data of the same size are used again."""
    from customers.profiles.models import Customer

    there = customer_data.count_bench_customers()
    if Customer.objects.exclude(source="bench").exists() or there not in (0, customers):
        raise NotABenchDatabase(f"{there} customers of an earlier bench and others stand here: empty var/bench first")
    defaults.ensure_defaults()
    if not there:
        customer_data.generate_customers(customers, tell)
    for more in (points_data, ticket_data):
        more.ensure(clock.now())
    user = User.objects.filter(email="bench@bench.example").first()
    return user or User.objects.create_superuser("bench@bench.example", None, name="Bench")


def run_bench(
    customers: int, seconds: float, tell: ProgressCallback, only: str = "", rounds: int = 0
) -> dict[str, Any]:
    """Every piece measured, then the load; `only` limits it to pieces whose name contains it, `rounds` is for a quick look."""
    user = prepare_database(customers, tell)
    today = clock.today(company.get_company().time_zone)
    with run_web_server() as address, run_web_server("crm.tools.bench.bare.settings") as bare_address:
        client, bare = signed_in_client(address, user), signed_in_client(bare_address, user, BARE_LOGIN)
        client.get("/retention/?period=last_year")
        makers: list[Callable[[], WorkBenchmark]] = [
            lambda: customer_list_benchmarks.first_page_benchmark(client, bare, user),
            lambda: customer_list_benchmarks.deep_page_benchmark(client, bare, user),
            lambda: page_benchmarks.search_benchmark(client, bare),
            lambda: page_benchmarks.customer_page_benchmark(client),
            lambda: page_benchmarks.dashboard_benchmark(client, today),
            lambda: page_benchmarks.recount_benchmark(today),
            lambda: write_benchmarks.order_api_benchmark(address, user),
            lambda: write_benchmarks.survey_answer_benchmark(address),
            lambda: metric_benchmarks.cached_cohorts_benchmark(today),
            lambda: metric_benchmarks.cached_trend_benchmark(today),
            lambda: metric_benchmarks.rebuild_benchmark(today),
            lambda: metric_benchmarks.refresh_benchmark(today),
            metric_benchmarks.lapsed_benchmark,
            lambda: ticket_benchmarks.ticket_list_benchmark(client, bare, user),
            lambda: ticket_benchmarks.ticket_benchmark(client, bare),
            lambda: ticket_benchmarks.new_ticket_benchmark(client, bare),
            points_benchmarks.earn_points_benchmark,
            points_benchmarks.redeem_points_benchmark,
            points_benchmarks.expire_points_benchmark,
            customer_import_benchmarks.customer_import_benchmark,
            customer_import_benchmarks.repeated_customer_import_benchmark,
            order_import_benchmarks.order_import_benchmark,
            care_benchmarks.due_selection_benchmark,
            care_benchmarks.planning_benchmark,
            care_benchmarks.repeated_planning_benchmark,
            mail_benchmarks.sending_benchmark,
            mail_benchmarks.writing_and_sending_benchmark,
        ]
        measured = [found for make in makers if (found := _measure_matching(make, only, rounds, tell))]
        load = _measure_load(address, user, seconds, tell) if not only else None
    return {
        "customers": customers,
        "orders": customers * customer_data.ORDERS_EACH,
        "machine": {"cores": os.cpu_count(), "postgresql": page_benchmarks.fetch_rows("SHOW server_version")[0][0]},
        "pieces": [each.as_json() if isinstance(each, BenchmarkResult) else each for each in measured],
        "load": load,
    }


def _measure_matching(
    make: Callable[[], WorkBenchmark], only: str, rounds: int, tell: ProgressCallback
) -> BenchmarkResult | dict[str, str] | None:
    piece = make()
    if only not in piece.name:
        return None
    tell(piece.name)
    try:
        found = timing.measure_benchmark(replace(piece, rounds=rounds or piece.rounds))
    except UnequalChecksums as error:
        tell(f"no figure: {error}")
        return {"name": piece.name, "unequal": str(error)}
    found.plan = _explain_plan(piece)
    return found


def _explain_plan(piece: WorkBenchmark) -> list[str]:
    """How PostgreSQL goes about the bare statement; one with parameters names them in `given`."""
    if not piece.plan:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {piece.plan}", piece.given or None)
        return [line for (line,) in cursor.fetchall()]


def _measure_load(address: str, user: User, seconds: float, tell: ProgressCallback) -> dict[str, Any]:
    tell(f"load of a second process, {seconds:.0f} s")
    cookie, key = {"Cookie": session_cookie(user)}, write_benchmarks.api_headers(user)
    people = [
        row[0]
        for row in page_benchmarks.fetch_rows(
            "SELECT public_id FROM customers_customer WHERE source = 'bench' ORDER BY id LIMIT 50"
        )
    ]
    requests: list[dict[str, Any]] = [
        {"name": "customer list", "path": "/customers/?sort=-last", "headers": cookie},
        {"name": "dashboard", "path": "/retention/?period=last_year", "headers": cookie},
    ]
    for query, person in zip(page_benchmarks.SEARCH_QUERIES, people, strict=False):
        requests.append({"name": "search", "path": f"/customers/?q={quote(query)}", "headers": cookie})
        requests.append({"name": "customer page", "path": f"/customers/{person}/", "headers": cookie})
    tokens = write_benchmarks.create_invitations(2000, f"load-{clock.now().timestamp()}")
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
            "body": write_benchmarks.order_body(people[n % 50], f"L{stamp}-{n}"),
        }
        for n in range(2000)
    ]
    once = [request for pair in zip(once[:2000], once[2000:], strict=True) for request in pair]
    plan = {"address": address, "seconds": seconds, "clients": 4, "requests": requests, "once": once}
    command = [sys.executable, "-m", "crm.tools.bench.load_generator"]
    done = subprocess.run(
        command, input=json.dumps(plan), capture_output=True, text=True, check=True, cwd=settings.BASE_DIR
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]
