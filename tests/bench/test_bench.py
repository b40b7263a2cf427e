"""The bench itself: a short run is whole and without errors, and a piece that does other work prints no figure."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.bench import timing
from crm.bench.timing import Piece, Unequal

PIECES = [
    "customer list", "search", "customer page", "dashboard", "count a year anew", "order API", "survey answer", "care planning",
    "sending mail",
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_short_run_measures_every_piece_and_loads_without_errors(monkeypatch):
    from crm.bench import care

    monkeypatch.setattr(care, "MAILS", 50)
    out = StringIO()

    call_command("bench", "--customers", "300", "--seconds", "3", "--json", stdout=out, stderr=StringIO())

    found = json.loads(out.getvalue())
    assert [piece["name"] for piece in found["pieces"]] == PIECES
    assert [piece.get("unequal") for piece in found["pieces"]] == [None] * len(PIECES)
    assert all(piece["ratio"] > 0 for piece in found["pieces"])
    assert found["load"]["errors"] == 0
    assert set(found["load"]["kinds"]) >= {"customer list", "search", "order API", "survey answer"}
    assert found["load"]["requests"] == sum(kind["requests"] for kind in found["load"]["kinds"].values())


def test_piece_that_does_other_work_than_its_limit_has_no_figure():
    with pytest.raises(Unequal, match="ours gave 1"):
        timing.measure(Piece("odd", lambda: 1, lambda: 2))


def test_peer_that_does_other_work_gives_no_figure_either():
    with pytest.raises(Unequal, match="others 3"):
        timing.measure(Piece("odd", lambda: 1, lambda: 1, peers={"others": lambda: 3}))


def test_all_sides_take_turns_and_each_peer_has_its_ratio():
    turns = []
    side = lambda name: lambda: turns.append(name)  # noqa: E731
    piece = Piece("even", side("ours"), side("bare"), rounds=2, peers={"others": side("others")})

    found = timing.measure(piece).as_json()

    assert turns == ["ours", "bare", "others"] * 3
    assert found["peers"]["others"]["ratio"] > 0


def test_ratio_is_that_of_the_medians():
    measured = timing.Measured("x", [3.0, 1.0, 2.0], [1.0, 4.0, 0.5], 1, False, "", peers={"others": [8.0]})

    assert measured.ratio == 2.0
    assert measured.as_json()["peers"]["others"]["ratio"] == 0.25
    assert measured.as_json()["ours"]["median_ms"] == 2000


@pytest.mark.django_db
def test_bench_refuses_other_peoples_customers(make_customer):
    make_customer()

    with pytest.raises(CommandError, match="empty var/bench"):
        call_command("bench", "--customers", "300", stdout=StringIO(), stderr=StringIO())
