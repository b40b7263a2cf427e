"""Scores over stored answers: windows, latest answers, the customers behind."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from crm.kernel.time.periods import Period
from feedback.surveys import selectors

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def on(day, time="12:00"):
    return datetime.fromisoformat(f"2026-{day}T{time}:00+08:00")


@pytest.mark.rule("FS-6")
def test_who_answers_twice_counts_once_with_the_latest(make_customer, make_response):
    customer = make_customer()
    make_response(2, customer, at=on("03-05"))
    make_response(9, customer, at=on("03-20"))

    score = selectors.nps_of_period(MARCH)

    assert (score.n, score.group_counts, score.value) == (1, {"promoter": 1}, Decimal("100.0"))


@pytest.mark.rule("S11")
def test_nps_of_five_three_two_is_thirty(make_response):
    for number in (10, 10, 9, 9, 9, 8, 7, 7, 6, 0):
        make_response(number, at=on("03-10"))

    score = selectors.nps_of_period(MARCH)

    assert (score.value, score.n) == (Decimal("30.0"), 10)
    assert score.group_counts == {"promoter": 5, "passive": 3, "detractor": 2}


@pytest.mark.rule("FS-6")
def test_the_window_is_made_of_local_days(make_response):
    make_response(9, at=on("03-01", "00:00"))
    make_response(9, at=on("03-31", "23:59"))
    make_response(0, at=on("02-28", "23:59"))
    make_response(0, at=on("04-01", "00:00"))

    assert selectors.nps_of_period(MARCH).group_counts == {"promoter": 2}


@pytest.mark.rule("FS-6")
def test_response_rate_counts_invitations_sent_in_the_window(make_invitation, make_response):
    for number in range(3):
        make_invitation(occasion=f"silent:{number}", at=on("03-02"))
    make_response(9, at=on("03-03"))

    score = selectors.nps_of_period(MARCH)

    assert (score.invited, score.answered, score.response_rate) == (4, 1, Decimal("0.25"))


@pytest.mark.rule("RM-7")
def test_score_has_as_many_customers_as_it_counts(make_customer, make_response):
    twice = make_customer("Twice")
    make_response(3, twice, at=on("03-05"))
    make_response(10, twice, at=on("03-06"))
    bad = make_response(6, at=on("03-07"))
    score = selectors.nps_of_period(MARCH)

    assert list(selectors.respondent_ids("nps", MARCH, "detractor")) == [bad.customer_id]
    assert list(selectors.respondent_ids("nps", MARCH, "promoter")) == [twice.pk]
    assert selectors.respondent_ids("nps", MARCH).count() == score.n


def test_filters_apply_to_answers_and_invitations(make_customer, make_response):
    mine, other = make_customer("Mine"), make_customer("Other")
    make_response(10, mine, at=on("03-05"))
    make_response(0, other, at=on("03-05"))

    score = selectors.nps_of_period(MARCH, customers=[mine.pk])

    assert (score.value, score.n, score.invited) == (Decimal("100.0"), 1, 1)


def test_months_count_each_respondent_once_a_month(make_customer, make_response):
    customer = make_customer()
    for day, number in (("01-10", 0), ("01-20", 10), ("03-31", 7)):
        make_response(number, customer, at=on(day))

    months = selectors.nps_by_month(Period(date(2026, 1, 1), date(2026, 4, 1)))

    assert [(month.month, score.value, score.n) for month, score in months.items()] == [
        (1, Decimal("100.0"), 1),
        (2, None, 0),
        (3, Decimal("0.0"), 1),
    ]


@pytest.mark.rule("S12")
def test_csat_counts_every_answer(make_customer, make_response):
    customer = make_customer()
    for thumb in (1, 1, 0):
        make_response(thumb, customer, survey="csat_ticket", at=on("03-05"))

    share = selectors.csat_of_period(MARCH)

    assert (share.n, share.group_counts) == (3, {"positive": 2, "negative": 1})


def test_scores_take_two_queries(make_response, django_assert_num_queries):
    for number in range(11):
        make_response(number, at=on("03-05"))

    selectors.nps_of_period(MARCH)

    with django_assert_num_queries(2):
        selectors.nps_of_period(MARCH)
