"""The ledger against a model of thirty lines: whatever happens in whatever order, both agree on every lot."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty import defaults
from loyalty.points import expiry, ledger_check, selectors, services, spend_returns
from loyalty.points.models import LedgerEntry
from loyalty.points.posting import LedgerPosting, NewLot, post_entries

START = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.integers(1, 60), st.integers(1, 12), st.integers(0, 3)),
        st.tuples(st.just("spend"), st.integers(1, 80)),
        st.tuples(st.just("give back"), st.integers(1, 80)),
        st.tuples(st.just("wait"), st.integers(0, 4)),
        st.tuples(st.just("expire")),
    ),
    min_size=4,
    max_size=14,
)


@dataclass
class Model:
    """Lots as [remaining, available day, end day], in the order of earning; spends as what they took."""

    today: int = 0
    lots: list[list[int]] = field(default_factory=list)
    spends: list[dict[int, int]] = field(default_factory=list)

    def usable(self) -> list[int]:
        found = [n for n, (left, since, end) in enumerate(self.lots) if left and since <= self.today < end]
        return sorted(found, key=lambda n: (self.lots[n][2], n))

    def spend(self, points: int) -> bool:
        if sum(self.lots[n][0] for n in self.usable()) < points:
            return False
        taken: dict[int, int] = {}
        for n in self.usable():
            part = min(self.lots[n][0], points - sum(taken.values()))
            if part:
                self.lots[n][0] -= part
                taken[n] = part
        self.spends.append(taken)
        return True

    def give_back(self, points: int) -> None:
        """Into the lots of the last spend, the last to end first; lots that are over come back as new ones."""
        taken = self.spends[-1]
        for n in sorted(taken, key=lambda n: (self.lots[n][2], n), reverse=True):
            part = min(taken[n], points)
            points -= part
            taken[n] -= part
            if part and self.today < self.lots[n][2]:
                self.lots[n][0] += part
            elif part:
                self.lots.append([part, self.today, self.today + 31])

    def expire(self) -> None:
        for lot in self.lots:
            lot[0] = lot[0] if self.today < lot[2] else 0


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def play(step: tuple[Any, ...], model: Model, customer: Any, turn: int) -> None:
    now = day(model.today)
    account = services.lock_account(customer, now)
    if step[0] == "earn":
        _name, points, lasts, pending = step
        lot = NewLot(points, day(0) + timedelta(seconds=turn), day(model.today + pending), day(model.today + lasts))
        post_entries([LedgerPosting(account.pk, "bonus", now, "test", str(turn), lots=(lot,))], now=now)
        model.lots.append([points, model.today + pending, model.today + lasts])
    elif step[0] == "spend":
        try:
            services.spend_points(account=account, points=step[1], system="test", source_id=str(turn), at=now)
            done = True
        except services.NotEnoughPoints:
            done = False
        assert done == model.spend(step[1])
    elif step[0] == "give back" and model.spends:
        points = min(step[1], sum(model.spends[-1].values()))
        entry = LedgerEntry.objects.filter(account=account, kind="spend").order_by("-id").first()
        if points and entry:
            spend_returns.return_spent_points(
                spend=entry, points=points, cause=spend_returns.ReturnCause("test", str(turn)), at=now
            )
            model.give_back(points)
    elif step[0] == "wait":
        model.today += step[1]
    elif step[0] == "expire":
        expiry.expire_points(now)
        model.expire()


@pytest.mark.rule("LO-1")
@pytest.mark.rule("LO-2")
@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS)
def test_ledger_and_model_agree_after_every_step(make_customer: Any, steps: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        defaults.ensure_loyalty_program()
        customer, model = make_customer(), Model()
        for turn, step in enumerate(steps):
            play(step, model, customer, turn)
            balance = selectors.get_points_balance(customer.pk, day(model.today))
            assert balance.available == sum(model.lots[n][0] for n in model.usable())
            assert balance.posted == sum(left for left, _since, _end in model.lots)
        assert ledger_check.verify_ledger().differences == []
        transaction.set_rollback(True)
