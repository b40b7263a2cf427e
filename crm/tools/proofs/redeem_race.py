"""Redemptions of the last points from many processes at once, some of them killed: no overdraft, nothing lost, nothing twice."""

import json
import subprocess
import sys
import time
from collections import Counter
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from django.conf import settings

from crm.kernel.time import clock
from crm.tools.proofs import redeem_attempts
from crm.tools.proofs.registry import register_proof
from crm.tools.proofs.report import ProofTrial
from customers.profiles import services as customers
from customers.profiles.models import Customer
from loyalty import defaults
from loyalty.points import services as ledger

TILLS = 6
LOTS = (60, 40)
POINTS, REDEMPTIONS = 30, 50
KILL_ONE_ROUND_IN = 3
PATIENCE_SECONDS = 60.0
ANSWER_SECONDS = 1.0


class RedeemTill:
    """A process that redeems; a thread passes its answers on."""

    def __init__(self, trial: ProofTrial, answers: "SimpleQueue[dict[str, Any]]") -> None:
        order = [sys.executable, "-m", "crm.tools.proofs.redeem_till", trial.broken]
        environ = trial.environ(LOG_LEVEL="ERROR", CRM_PROCESS_KIND="worker")
        self._process = subprocess.Popen(
            order, env=environ, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._answers = answers
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith("\n"):
                self._answers.put(json.loads(line))

    def ask(self, redemption: dict[str, Any]) -> None:
        """Have it redeem; a dead till hears nothing."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(redemption) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class RedeemRace:
    """The tills, and rounds of redemptions on one account each."""

    def __init__(self, trial: ProofTrial) -> None:
        self.trial = trial
        self.answers: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self.tills = [self._till() for _number in range(TILLS)]
        for _number in range(TILLS):
            self.answers.get(timeout=PATIENCE_SECONDS)

    def _till(self) -> RedeemTill:
        return RedeemTill(self.trial, self.answers)

    def close(self) -> None:
        for till in self.tills:
            till.kill()

    def run(self, number: int) -> None:
        """One account, all redemptions at once, the rows judged afterwards."""
        now = clock.now()
        customer = customers.create_customer(display_name=f"Racer {number}", at=now, live=False)
        for lot, points in enumerate(LOTS):
            ledger.credit_points(customer=customer, points=points, system="gift", source_id=f"{number}:{lot}", at=now)
        wanted = {f"{number}:{turn}": self._redemption(customer, f"{number}:{turn}") for turn in range(REDEMPTIONS)}
        answered = self._answered(wanted)
        verdict = redeem_attempts.judge_race(customer, had=sum(LOTS), points=POINTS, answers=Counter(answered.values()))
        self.trial.report.operations += len(answered)
        self.trial.report.violations += verdict.violations
        for answer, count in verdict.answers.items():
            self.trial.report.counts[answer] = self.trial.report.counts.get(answer, 0) + count

    def _redemption(self, customer: Customer, key: str) -> dict[str, Any]:
        return {"customer": customer.pk, "points": POINTS, "key": key, "at": clock.now().isoformat()}

    def _answered(self, wanted: dict[str, dict[str, Any]]) -> dict[str, str]:
        """Key → answer; what stays unanswered, because its till was killed, is asked again with the same key."""
        answered: dict[str, str] = {}
        killing = self.trial.chance.randrange(KILL_ONE_ROUND_IN) == 0
        until = time.monotonic() + PATIENCE_SECONDS
        while len(answered) < len(wanted):
            for place, (key, redemption) in enumerate(sorted(wanted.items())):
                if key not in answered:
                    self.tills[place % TILLS].ask(redemption)
            if killing:
                self._kill_one()
                killing = False
            self._collect(wanted, answered)
            if time.monotonic() > until:
                unanswered = {key: "unanswered" for key in wanted if key not in answered}
                return {**answered, **unanswered}
        return answered

    def _collect(self, wanted: dict[str, dict[str, Any]], answered: dict[str, str]) -> None:
        while len(answered) < len(wanted):
            try:
                got = self.answers.get(timeout=ANSWER_SECONDS)
            except Empty:
                return
            if got.get("key") in wanted:
                answered.setdefault(got["key"], got["answer"])

    def _kill_one(self) -> None:
        time.sleep(self.trial.chance.uniform(0.005, 0.12))
        place = self.trial.chance.randrange(TILLS)
        self.tills[place].kill()
        self.tills[place] = self._till()
        self.trial.report.kills += 1


@register_proof("redeem-race", variants=("no-lock",))
def prove_redeem_race(trial: ProofTrial) -> None:
    """Race after race on accounts of 100 points, 50 redemptions of 30 each, tills killed now and then."""
    defaults.ensure_loyalty_program()
    race = RedeemRace(trial)
    try:
        until, number = trial.ends_at(), 0
        while number == 0 or time.monotonic() < until:
            race.run(number)
            number += 1
        trial.report.counts["rounds"] = number
    finally:
        race.close()
