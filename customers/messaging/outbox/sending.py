"""Sending what is due: claim, hand over in rounds, write down; several workers side by side, no transaction across SMTP."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection

from crm.kernel import clock, doorbell, events, sweeps
from customers.messaging import governor, rules
from customers.messaging.choices import Reason, State
from customers.messaging.events import MESSAGES_ACCEPTED
from customers.messaging.outbox import envelopes, recovery, relay
from customers.messaging.outbox.claiming import Claimed, claim, release
from customers.messaging.outbox.lanes import Lanes, Unreachable
from customers.messaging.outbox.recording import Result, record, record_and_begin, result_of
from customers.messaging.outbox.waking import wake_due

log = structlog.get_logger(__name__)
LOCK_CLASS = 4_201
FIRST_CLAIM, LARGEST_CLAIM = 50, 500
# A claim must be worked off well within its lease of a minute.
CLAIM_SECONDS = 20
RUN_SECONDS = 20
# Results wait for the next round's commit, but not longer than this.
SLOW_SECONDS = 2


@sweeps.every_5_seconds("outbox", alone=False)
def sweep(now: datetime) -> int:
    """Look after dead workers' claims, wake what was deferred, send what is due; returns how many were handed over."""
    recovery.recover(now)
    wake_due(now)
    return send_due(now)


def send_due(now: datetime, *, seconds: float = RUN_SECONDS) -> int:
    """Send due e-mail for at most `seconds`; more workers than `MAIL_SENDERS` find nothing to do. Returns how many were accepted."""
    with _sender_slot() as mine:
        if not mine or relay.is_paused(now):
            return 0
        run = Run(Lanes(relay.server(), settings.MAIL_CONNECTIONS), time.monotonic() + seconds)
        try:
            run.go()
        finally:
            run.lanes.close()
    if run.more:
        doorbell.ring("outbox")
    return run.accepted


class Run:
    """One worker's stretch of sending."""

    def __init__(self, lanes: Lanes, until: float) -> None:
        self.lanes, self.until = lanes, until
        self.queue: deque[Claimed] = deque()
        self.results: list[Result] = []
        self.accepted = 0
        self.untold: list[int] = []
        self.more = False

    def go(self) -> None:
        size = FIRST_CLAIM
        try:
            while not self.lanes.closing and (claimed := claim(clock.now(), size)):
                started = time.monotonic()
                self.queue.extend(self._fit(claimed))
                self._work_off()
                self._write_down()
                size = _next_size(len(claimed), time.monotonic() - started)
                self.more = time.monotonic() >= self.until
                if self.more:
                    break
        except Unreachable as error:
            log.warning("relay_unreachable", error=str(error))
            relay.failed(str(error), clock.now())
        finally:
            self._write_down()
            release(list(self.queue))
        if self.lanes.closing:
            relay.failed(self.lanes.closing, clock.now())
        elif self.accepted:
            relay.works(clock.now())

    def _work_off(self) -> None:
        while self.queue and not self.lanes.closing and time.monotonic() < self.until:
            reached = self.lanes.reach(len(self.queue))
            self._round([self.queue.popleft() for _ in range(reached)])

    def _round(self, messages: list[Claimed]) -> None:
        """MAIL and RCPT; commit the last round's results with this round's `data_started`; DATA."""
        started = time.monotonic()
        lanes, outcomes = self.lanes.begin(messages)
        self._take(outcomes)
        begun = record_and_begin(self._taken(), [lane.message for lane in lanes], clock.now())
        stopped = [lane for lane in lanes if lane.message.id not in begun]
        self.lanes.give_up(stopped)
        release([lane.message for lane in stopped])
        self._take(self.lanes.deliver([lane for lane in lanes if lane.message.id in begun]))
        if time.monotonic() - started > SLOW_SECONDS:
            self._write_down()

    def _take(self, outcomes: list) -> None:
        now = clock.now()
        self.results += [result_of(o.message, o.what, o.reply, now) for o in outcomes]
        accepted = [o.message.id for o in outcomes if o.what == "accepted"]
        self.accepted += len(accepted)
        self.untold += accepted

    def _taken(self) -> list[Result]:
        taken, self.results = self.results, []
        return taken

    def _write_down(self) -> None:
        if self.results:
            record(self._taken(), clock.now())
        if self.untold:
            untold, self.untold = self.untold, []
            events.announce(MESSAGES_ACCEPTED, untold)

    def _fit(self, claimed: list[Claimed]) -> Iterator[Claimed]:
        """What may go out at this moment, sealed; the rest goes back with its reason."""
        now, desk = clock.now(), envelopes.Desk()
        for message in claimed:
            result = _objection(message, desk.policy, now) or _sealed(message, desk)
            if result is None:
                yield message
            else:
                self.results.append(result)


def _objection(message: Claimed, company_rules: rules.Policy, now: datetime) -> Result | None:
    """Suppressed, too late, or at a time when its reader gets nothing: asked once more, since it may have waited long."""
    for reason in message.suppressed or ():
        if rules.covers(reason, message.purpose, forced=message.forced):
            return Result(message, State.DROPPED, reason, frees=True, counts=False)
    if message.deadline and message.deadline <= now:
        return Result(message, State.DROPPED, Reason.LATE, frees=True, counts=False)
    if message.purpose not in rules.UNASKED:
        return None
    zone = governor.zone_or_default(message.zone)
    if end := rules.quiet_end(now, zone, company_rules.quiet_from, company_rules.quiet_until):
        return Result(message, State.DEFERRED, Reason.QUIET_HOURS, until=end, frees=True, counts=False)
    if message.send_day != now.astimezone(ZoneInfo(zone)).date():
        return Result(message, State.DEFERRED, Reason.FREQUENCY_CAP, until=now, frees=True, counts=False)
    return None


def _sealed(message: Claimed, desk: envelopes.Desk) -> Result | None:
    try:
        desk.seal(message)
    except ValueError as error:
        return Result(message, State.FAILED, Reason.UNREADABLE, reply=str(error)[:200], frees=True)
    return None


def _next_size(done: int, took: float) -> int:
    """As many as are worked off in a third of their lease."""
    return max(10, min(LARGEST_CLAIM, int(done * CLAIM_SECONDS / max(took, 0.01))))


@contextmanager
def _sender_slot() -> Iterator[bool]:
    """One of `MAIL_SENDERS` places over all processes, so that the mail server never sees more connections than it was promised."""
    held = None
    with connection.cursor() as cursor:
        for number in range(settings.MAIL_SENDERS):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, number])
            if cursor.fetchone()[0]:
                held = number
                break
    try:
        yield held is not None
    finally:
        if held is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, held])
