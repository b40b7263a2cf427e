"""Results of surveys for other programs."""

from datetime import datetime

import pytest

from crm.kernel.api.scopes import SCOPES
from feedback.surveys import selectors
from feedback.surveys.models import Survey


@pytest.fixture
def nps(make_response):
    for score in (10, 10, 9, 9, 9, 8, 7, 7, 6, 0):
        make_response(score, at=datetime.fromisoformat("2026-03-10T12:00:00+08:00"), text="fine")
    return Survey.objects.get(key="nps")


@pytest.mark.rule("PL-20")
@pytest.mark.rule("FS-6")
def test_results_are_the_numbers_of_the_page(nps, api):
    body = api().get(f"/api/v1/surveys/{nps.public_id}/results/?start=2026-03-01&end=2026-04-01").data

    assert (body["value"], body["n"], body["invited"], body["answered"]) == ("30.0000", 10, 10, 10)
    assert body["groups"] == {"promoter": 5, "passive": 3, "detractor": 2}
    assert [(row["month"], row["value"]) for row in body["months"]] == [("2026-03-01", "30.0000")]


def test_nobody_answered_is_null(surveys, api):
    body = api().get(f"/api/v1/surveys/{surveys['csat'].public_id}/results/?start=2026-03-01&end=2026-04-01").data

    assert (body["value"], body["low"], body["response_rate"], body["n"]) == (None, None, None, 0)


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "start"),
        ("start=2026-03-01", "end"),
        ("start=x&end=2026-04-01", "start"),
        ("start=0001-01-01&end=2026-04-01", "start"),
        ("start=2026-01-01&end=9999-12-31", "end"),
        ("start=2026-03-01&end=2026-03-01", "end"),
    ],
)
def test_a_bad_window_names_its_field(surveys, api, query, field):
    answer = api().get(f"/api/v1/surveys/{surveys['nps'].public_id}/results/?{query}")

    assert answer.status_code == 400
    assert field in [error["attr"] for error in answer.data["errors"]]


def test_answers_are_paged_newest_first(nps, api):
    first = api().get(f"/api/v1/surveys/{nps.public_id}/responses/?limit=4").data

    assert [row["score"] for row in first["results"]] == [0, 6, 7, 7]
    assert first["next"]


def test_surveys_are_listed_and_unknown_ones_missing(surveys, api):
    assert {row["key"] for row in api().get("/api/v1/surveys/").data["results"]} == set(surveys)
    assert api().get("/api/v1/surveys/sv_none/results/?start=2026-03-01&end=2026-04-01").status_code == 404


def test_a_key_without_the_scope_reads_nothing(surveys, api):
    assert api([scope for scope in SCOPES if scope != "surveys:read"]).get("/api/v1/surveys/").status_code == 403


def test_the_list_scores_every_survey_in_one_query(nps, make_response, django_assert_num_queries):
    from feedback.surveys import report

    make_response(1, survey="csat_ticket")
    _days, period = report.report_period("365")
    selectors.scores_by_survey(period)

    with django_assert_num_queries(1):
        scores = selectors.scores_by_survey(period)

    assert len(scores) == 2
