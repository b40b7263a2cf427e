"""The bench itself: a short run is whole and without errors, and a piece that does other work prints no figure."""

import json
import time
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.tools.bench import growth, result_table, timing
from crm.tools.bench.aims import QueryBudget, at_least_times, at_most_times
from crm.tools.bench.timing import UnequalChecksums, WorkBenchmark

PIECES = [
    "customer list", "customer list, deep", "search", "customer page", "dashboard", "count a year anew", "order API",
    "survey answer", "cohorts, 36 months kept", "trend, 36 months kept", "36 months anew", "36 months, a day later",
    "lapsed 90–120 days", "ticket list", "ticket", "new ticket", "earn points", "redeem points", "expire a day's points",
    "customer import", "customer import again", "order import", "due selection", "care planning",
    "care planning again", "sending mail", "writing and sending",
]  # fmt: skip
SHORT = ["bench", "--customers", "300", "--seconds", "3", "--rounds", "2", "--json"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_short_run_measures_every_piece_and_loads_without_errors(monkeypatch):
    from crm.tools.bench import customer_import_benchmarks, mail_benchmarks, order_import_benchmarks, ticket_data

    monkeypatch.setattr(mail_benchmarks, "MAILS", 50)
    monkeypatch.setattr(customer_import_benchmarks, "ROWS", 60)
    monkeypatch.setattr(order_import_benchmarks, "ORDER_COUNT", 30)
    monkeypatch.setattr(ticket_data, "TICKET_COUNT", 300)
    out = StringIO()

    with suppress(SystemExit):
        call_command(*SHORT, stdout=out, stderr=StringIO())

    found = json.loads(out.getvalue())
    assert [piece["name"] for piece in found["pieces"]] == PIECES
    assert [piece["unequal"] for piece in found["pieces"] if "unequal" in piece] == []
    assert all(min(piece["ratios"].values()) > 0 for piece in found["pieces"])
    assert all(piece["aims"].keys() <= piece["ratios"].keys() for piece in found["pieces"])
    assert found["load"]["errors"] == 0
    assert set(found["load"]["kinds"]) >= {"customer list", "search", "order API", "survey answer"}
    assert found["load"]["requests"] == sum(kind["requests"] for kind in found["load"]["kinds"].values())


def test_piece_that_does_other_work_than_its_limit_has_no_figure():
    with pytest.raises(UnequalChecksums, match="ours gave 1"):
        timing.measure_benchmark(WorkBenchmark("odd", lambda: 1, lambda: 2))


def test_peer_that_does_other_work_gives_no_figure_either():
    with pytest.raises(UnequalChecksums, match="others 3"):
        timing.measure_benchmark(WorkBenchmark("odd", lambda: 1, lambda: 1, peers={"others": lambda: 3}))


def test_all_sides_take_turns_and_each_peer_has_its_ratio():
    turns = []
    side = lambda name: lambda: turns.append(name)  # noqa: E731
    piece = WorkBenchmark("even", side("ours"), side("bare"), rounds=2, peers={"others": side("others")})

    found = timing.measure_benchmark(piece).as_json()

    assert turns == ["ours", "bare", "others"] * 3
    assert found["ratios"].keys() == {"the limit", "others"}


def test_tables_are_put_back_before_every_turn_and_the_proof_is_not_timed():
    told: list[str] = []
    piece = WorkBenchmark(
        "even",
        lambda: told.append("work"),
        lambda: told.append("limit's work"),
        rounds=1,
        limit="COPY",
        prepare=told.append,
        proof=lambda: time.sleep(0.1),
    )

    found = timing.measure_benchmark(piece).as_json()

    assert told == ["ours", "work", "COPY", "limit's work"] * 2
    assert found["sides"]["ours"]["max_ms"] < 100


def test_ratio_is_that_of_the_medians():
    piece = WorkBenchmark(
        "x", lambda: 1, lambda: 1, aims={"the limit": at_most_times(1.5), "others": at_least_times(3)}
    )
    measured = timing.BenchmarkResult(piece, {"ours": [3.0, 1.0, 2.0], "the limit": [1.0, 4.0, 0.5], "others": [8.0]})

    found = measured.as_json()

    assert found["ratios"] == {"the limit": 2.0, "others": 0.25}
    assert found["sides"]["ours"]["median_ms"] == 2000
    assert found["aims"]["the limit"] == {"ratio": 2.0, "aim": "≤ 1.5 × the time", "kept": False}
    assert found["aims"]["others"] == {"ratio": 4.0, "aim": "≥ 3 × as fast", "kept": True}


def test_aim_may_compare_the_slow_rounds():
    ours, others = [1.0] * 90 + [10.0] * 10, [2.0] * 100

    assert at_most_times(3, share=0.95).verdict(ours, others)["kept"] is False
    assert at_most_times(3).verdict(ours, others)["kept"] is True


def test_printed_table_says_what_is_missed_and_how_it_grew():
    aims = {"the limit": at_most_times(1.5)}
    budgets = {"queries": QueryBudget(5, lambda: 4)}
    piece = WorkBenchmark("list", lambda: 1, lambda: 1, aims=aims, budgets=budgets, growth=1.25)
    found = {"customers": 1000, "orders": 10_000, "load": None}
    measured = timing.BenchmarkResult(
        piece, {"ours": [2.0], "the limit": [1.0]}, used={"queries": budgets["queries"].verdict()}
    )
    found["pieces"] = [measured.as_json()]
    faster = timing.BenchmarkResult(piece, {"ours": [1.0], "the limit": [1.0]}).as_json()

    growth.compare_runs(found, {"customers": 100, "pieces": [faster]})

    printed = "\n".join(result_table.table_lines(found))
    assert "2.00, aim ≤ 1.5 × the time: MISSED" in printed
    assert "2.00, aim ≤ 1.25 × the time: MISSED" in printed
    assert "aim ≤ 5: kept" in printed
    assert printed.endswith("1 of 3 aims kept; missed: list: the limit, list: 100 customers")


@pytest.mark.django_db
def test_bench_refuses_other_peoples_customers(make_customer):
    make_customer()

    with pytest.raises(CommandError, match="empty var/bench"):
        call_command("bench", "--customers", "300", stdout=StringIO(), stderr=StringIO())
