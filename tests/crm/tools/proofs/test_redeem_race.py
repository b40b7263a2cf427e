"""The long proof, shortly: real processes, a killed till, and the same checker on a ledger without its lock."""

import pytest

from crm.tools.proofs.registry import run_proof

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.mark.rule("LO-3")
def test_the_promise_holds_on_killed_processes() -> None:
    report = run_proof("redeem-race", seed=7, seconds=3)

    assert report.violations == []
    assert report.operations >= 50
    assert report.counts["accepted"] == 3 * report.counts["rounds"]


@pytest.mark.rule("LO-3")
def test_without_the_lock_the_checker_objects() -> None:
    report = run_proof("redeem-race", seed=7, seconds=2, broken="no-lock")

    assert {found["what"] for found in report.violations} & {"overdraft", "conservation"}
