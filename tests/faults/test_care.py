"""A birthday today, workers killed in between: one greeting, never two; and the checker sees when it is not so."""

import pytest

from crm.tools.proofs.registry import run_proof


@pytest.mark.rule("RC-3", "RC-7", "PL-50")
@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_birthday_today_gets_one_greeting_although_planner_and_sender_are_killed():
    report = run_proof("care", seed=11, seconds=3)

    assert report.violations == []
    assert report.operations == 240
    assert report.kills > 5
    assert report.counts["accepted"] > 100
    assert report.counts["held_out"] > 20


@pytest.mark.rule("RC-3")
@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_checker_sees_doubles_when_the_occasion_is_named_by_the_run():
    report = run_proof("care", seed=11, seconds=0.6, broken="key-by-run")

    assert {violation["what"] for violation in report.violations} >= {
        "entered not exactly once",
        "greeted more than once",
    }


@pytest.mark.rule("RC-3")
@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_checker_sees_double_entries_when_planners_only_look_first():
    report = run_proof("care", seed=11, seconds=1.5, broken="no-unique")

    assert "entered not exactly once" in {violation["what"] for violation in report.violations}
