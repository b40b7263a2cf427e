"""Races on real connections of PostgreSQL, each with its negative control."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from crm.kernel.time import clock
from crm.tools.proofs import redeem_attempts as races
from loyalty import defaults
from loyalty.points import corrections, expiry, ledger_check, services
from loyalty.points.models import LedgerEntry, PointsLot

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def together(jobs: list[Any]) -> list[Any]:
    """Run the jobs on as many connections, all starting at one moment."""
    barrier = Barrier(min(len(jobs), AT_ONCE))

    def run(number: int) -> Any:
        if number < barrier.parties:
            barrier.wait()
        try:
            return jobs[number]()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(len(jobs))))


@pytest.fixture
def member(make_customer: Any, make_order: Any) -> Iterator[Any]:
    defaults.ensure_loyalty_program()
    customer = make_customer()
    make_order(customer, "60")
    make_order(customer, "40")
    yield customer
    connection.close()


def race(variant: str, member: Any) -> races.RaceVerdict:
    now = clock.now()
    jobs = [lambda key=key: races.attempt_redemption(variant, member, 30, f"k{key}", now) for key in range(50)]
    return races.judge_race(member, had=100, points=30, answers=Counter(together(jobs)))


@pytest.mark.rule("LO-3")
@pytest.mark.rule("LO-2")
def test_fifty_redemptions_of_30_on_100_points_give_three(member: Any, balance: Any) -> None:
    verdict = race("none", member)

    assert verdict.violations == []
    assert verdict.answers == {races.ACCEPTED: 3, races.REFUSED: 47}
    assert balance(member).available == 10


@pytest.mark.rule("LO-3")
def test_without_the_lock_the_same_checker_finds_violations(member: Any) -> None:
    verdict = race("no-lock", member)

    assert {found["what"] for found in verdict.violations} & {"overdraft", "conservation"}


@pytest.mark.rule("LO-20")
def test_three_sweeps_at_once_and_redemptions_at_the_boundary(member: Any) -> None:
    ends = PointsLot.objects.first().expires_at
    before = ends - timedelta(microseconds=1)
    redemptions = [lambda key=key: races.attempt_redemption("none", member, 1, f"b{key}", before) for key in range(30)]
    sweeps = [lambda: expiry.expire_points(ends) for _turn in range(3)]

    answers = together([*redemptions[:10], *sweeps, *redemptions[10:]])

    taken = sum(points for points in answers if isinstance(points, int))
    accepted = answers.count(races.ACCEPTED)
    assert taken + accepted == 100
    assert set(answers) <= {races.ACCEPTED, races.REFUSED, 0, taken}
    assert ledger_check.verify_ledger().differences == []


@pytest.mark.rule("LO-5")
def test_twenty_undoings_of_one_correction_are_one(member: Any, make_user: Any, balance: Any) -> None:
    manager = make_user("manager")
    entry = corrections.adjust_points(customer=member, points=50, reason="Gift", by=manager, at=clock.now(), key="k")

    undo = lambda: corrections.undo_adjustment(entry=entry, reason="No", by=manager, at=clock.now()).pk  # noqa: E731
    made = together([undo] * 20)

    assert len(set(made)) == 1
    assert LedgerEntry.objects.filter(reverses=entry).count() == 1
    assert balance(member).available == 100


@pytest.mark.rule("LO-3")
def test_credits_to_one_who_has_no_account_yet_all_arrive(make_customer: Any, balance: Any) -> None:
    """Nothing is decided by the balance of a credit, so there is no control: the account is opened once by whoever is first."""
    defaults.ensure_loyalty_program()
    stranger = make_customer()

    def give(key: int) -> int:
        gift = {"system": "race", "source_id": str(key), "at": clock.now()}
        return services.credit_points(customer=stranger, points=10, **gift).pk

    made = together([lambda key=key: give(key % 20) for key in range(40)])

    assert len(set(made)) == 20
    assert balance(stranger).available == 200
    assert ledger_check.verify_ledger().differences == []


@pytest.mark.rule("LO-2")
def test_credits_to_one_in_debt_pay_it_exactly_once(member: Any, make_user: Any, balance: Any) -> None:
    manager = make_user("manager")
    entry = corrections.adjust_points(customer=member, points=50, reason="Gift", by=manager, at=clock.now(), key="k")
    races.redeem_with_lock(member, 150, "all", clock.now())
    corrections.undo_adjustment(entry=entry, reason="No", by=manager, at=clock.now())
    assert balance(member).debt == 50

    together(
        [
            lambda key=key: services.credit_points(
                customer=member, points=10, system="race", source_id=key, at=clock.now()
            )
            for key in map(str, range(20))
        ]
    )

    assert (balance(member).debt, balance(member).available) == (0, 150)
    assert -sum(LedgerEntry.objects.filter(kind="repay").values_list("data__paid", flat=True)) == -50
    assert ledger_check.verify_ledger().differences == []


@pytest.mark.rule("LO-3")
def test_the_same_redemption_from_many_tills_is_one(member: Any, balance: Any) -> None:
    now = clock.now()

    answers = together([lambda: races.attempt_redemption("none", member, 30, "same", now)] * 20)

    assert answers == [races.ACCEPTED] * 20
    assert balance(member).available == 70
