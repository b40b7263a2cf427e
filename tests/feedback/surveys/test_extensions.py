"""What surveys plug into the customer list, the customer page and the facts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.kernel.time import clock
from feedback.surveys import extensions
from feedback.surveys.models import Survey


@pytest.fixture
def manager(client_as):
    return client_as("manager")


def test_every_count_opens_its_customers(manager, make_response):
    bad, good = make_response(2), make_response(10)
    nps = Survey.objects.get(key="nps")
    today = clock.today("Asia/Shanghai")
    query = f"behind=survey&survey={nps.public_id}&start={today}&end={today.replace(year=today.year + 1)}"

    detractors = manager.get(f"/customers/?{query}&group=detractor").content.decode()
    tens = manager.get(f"/customers/?{query}&score=10").content.decode()

    assert bad.customer.public_id in detractors
    assert good.customer.public_id not in detractors
    assert good.customer.public_id in tens


@pytest.mark.parametrize("bad", ["survey=sv_none", "group=angry", "score=11", "start=x", "end=2020-01-01"])
def test_a_bad_drill_down_is_refused_with_words(manager, surveys, bad):
    query = {"behind": "survey", "survey": surveys["nps"].public_id, "start": "2026-03-01", "end": "2026-04-01"}
    name, _equals, value = bad.partition("=")

    assert manager.get("/customers/", {**query, name: value}).status_code == 400


def test_panel_shows_the_last_two_nps_and_the_last_satisfaction(make_customer, make_response):
    customer, now = make_customer(), clock.now()
    for days, score in ((3, 2), (2, 8), (1, 10)):
        make_response(score, customer, at=now - timedelta(days=days))
    make_response(4, customer, survey="csat", at=now)

    kinds = extensions.surveys_panel_context(customer, None)["kinds"]

    assert [(kind.key, [row.score for row in rows]) for kind, rows in kinds] == [("nps", [10, 8]), ("csat", [4])]


def test_panel_is_left_out_without_answers(make_customer, django_assert_num_queries):
    customer = make_customer()

    with django_assert_num_queries(1):
        assert extensions.surveys_panel_context(customer, None) is None


@pytest.mark.parametrize(
    ("kind", "value", "number", "text", "tone"),
    [
        ("nps", "detractor", Decimal("3.00"), "3", "bad"),
        ("nps", "passive", Decimal(8), "8", ""),
        ("csat", "positive", Decimal(5), "5", "good"),
        ("csat", "negative", None, "Negative", ""),
    ],
)
def test_fact_is_the_score_in_the_tone_of_its_group(kind, value, number, text, tone):
    display = extensions.SCORE_FACTS[kind].format(value, number)

    assert (display.text, display.tone) == (text, tone)


def test_lists_are_filtered_by_the_groups_of_the_kind():
    assert [value for value, _label in extensions.SCORE_FACTS["nps"].choices()] == ["promoter", "passive", "detractor"]
