"""How a tile writes a rate and its change."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from retention.reports.tiles import figures

READER = SimpleNamespace(language="en")


def rate(now, before, *, good=1, n=100):
    return figures.rate_figure(
        READER, label="Rate", now=now, before=before, good=good, url="/buyers/", meaning="", detail="", n=n
    )


@pytest.mark.parametrize(
    ("now", "before", "good", "change"),
    [
        ("0.85", "0.80", 1, ("5.0 pt", "up", "good")),
        ("0.80", "0.85", 1, ("5.0 pt", "down", "bad")),
        ("0.25", "0.20", -1, ("5.0 pt", "up", "bad")),
        ("0.20", "0.25", -1, ("5.0 pt", "down", "good")),
        ("0.80", "0.80", 1, ("0.0 pt", "", "")),
    ],
)
def test_change_is_judged_by_what_is_good(now, before, good, change):
    figure = rate(Decimal(now), Decimal(before), good=good)

    assert (figure.change, figure.direction, figure.verdict) == change


def test_rate_is_written_with_its_unit_and_where_it_came_from():
    figure = rate(Decimal("0.8512"), Decimal("0.8"))

    assert (figure.value, figure.unit, figure.url, figure.note) == ("85.1", "%", "/buyers/", "from 80.0%")


def test_rate_of_nobody_is_a_dash_that_leads_nowhere():
    figure = rate(None, None, n=0)

    assert (figure.value, figure.unit, figure.url, figure.change) == ("–", "", "", "")
    assert (figure.note, figure.few) == ("no earlier figure", True)


@pytest.mark.parametrize(("n", "few"), [(29, True), (30, False)])
def test_number_of_few_people_says_so(n, few):
    assert rate(Decimal("0.5"), None, n=n).few is few
