"""One worker's stretch of sending: claim, hand over in rounds, write down; no transaction across SMTP."""

import time
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import structlog

from crm.kernel.background import events
from crm.kernel.time import clock
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.events import MessagesAccepted
from customers.messaging.outbox import preparation, server_status
from customers.messaging.outbox.claims import ClaimedMessage, claim_messages, release_messages
from customers.messaging.outbox.delivery_results import (
    DeliveryResult,
    delivery_result,
    record_results,
    record_results_and_begin,
)
from customers.messaging.outbox.objections import SendMoment
from customers.messaging.outbox.smtp_pool import ActiveConnection, DeliveryRound, ServerUnreachable, SmtpPool

log = structlog.get_logger(__name__)
FIRST_CLAIM, LARGEST_CLAIM = 50, 250
# A claim must be worked off well within its lease of a minute.
CLAIM_SECONDS = 20
# Results wait for the next round's commit, but not longer than this.
SLOW_SECONDS = 2


class DeliveryRun:
    """What a worker has in hand between two claims, and what came of it."""

    def __init__(self, lanes: SmtpPool, until: float) -> None:
        self.lanes, self.until = lanes, until
        self.queue: deque[ClaimedMessage] = deque()
        self.results: list[DeliveryResult] = []
        self.accepted = 0
        self.untold: list[int] = []
        self.more = False

    def go(self) -> None:
        size = FIRST_CLAIM
        try:
            while not self.lanes.closing and (claimed := claim_messages(clock.now(), size)):
                started = time.monotonic()
                self.desk = preparation.EnvelopeSealer()
                self.queue.extend(self._fit(claimed))
                self._work_off()
                self._write_down()
                size = _next_claim_size(len(claimed), time.monotonic() - started)
                self.more = self._is_over()
                if self.more:
                    break
        except ServerUnreachable as error:
            log.warning("relay_unreachable", error=str(error))
            server_status.record_server_failure(str(error), clock.now())
        finally:
            self._write_down()
            release_messages(list(self.queue))
        if self.lanes.closing:
            server_status.record_server_failure(self.lanes.closing, clock.now())
        elif self.accepted:
            server_status.record_server_success(clock.now())

    def _work_off(self) -> None:
        offered: list[ActiveConnection] = []
        while offered or (self.queue and not self._is_over()):
            if waiting := len(self.queue):
                found = self.lanes.offer(self._next(self.lanes.reach(waiting)))
                offered += self._note(found)
            if offered:
                offered = self._round(offered)

    def _round(self, offered: list[ActiveConnection]) -> list[ActiveConnection]:
        """Commit the last round's results with this round's `data_started`; DATA; gives what the server takes next."""
        started = time.monotonic()
        offered = self._timely(offered)
        begun = record_results_and_begin(self.results, [lane.message for lane in offered], clock.now())
        self.results = []
        going = [lane for lane in offered if lane.message.id in begun]
        if len(going) < len(offered):
            self._stop([lane for lane in offered if lane.message.id not in begun])
        for lane, message in zip(going, self._next(len(going)), strict=False):
            lane.following = message
        following = self._note(self.lanes.deliver(going))
        if time.monotonic() - started > SLOW_SECONDS:
            self._write_down()
        return following

    def _timely(self, offered: list[ActiveConnection]) -> list[ActiveConnection]:
        """Without those whose time has passed since they were offered: a slow server may have let night fall."""
        now = clock.now()
        late = [lane for lane in offered if self._is_late(lane.message, now)]
        self.lanes.give_up(late)
        return [lane for lane in offered if lane not in late] if late else offered

    def _stop(self, lanes: list[ActiveConnection]) -> None:
        self.lanes.give_up(lanes)
        release_messages([lane.message for lane in lanes])

    def _next(self, wanted: int) -> list[ClaimedMessage]:
        """The next messages that may still go out; none when the time is over or the server says good-bye."""
        return [] if self._is_over() else list(islice(self._open(), wanted))

    def _open(self) -> Iterator[ClaimedMessage]:
        now = clock.now()
        while self.queue:
            message = self.queue.popleft()
            if not self._is_late(message, now):
                yield message

    def _is_late(self, message: ClaimedMessage, now: datetime) -> bool:
        """True where it may go out no more; that is then its result."""
        if message.open_until is None or message.open_until > now:
            return False
        objection = SendMoment(now, self.desk.policy).objection(message)
        self.results += [objection] if objection else []
        return objection is not None

    def _fit(self, claimed: list[ClaimedMessage]) -> Iterator[ClaimedMessage]:
        """What may go out at this moment, sealed; the rest goes back with its reason."""
        moment = SendMoment(clock.now(), self.desk.policy)
        for message in claimed:
            result = moment.objection(message) or self._unsealed(message)
            if result is None:
                yield message
            else:
                self.results.append(result)

    def _unsealed(self, message: ClaimedMessage) -> DeliveryResult | None:
        try:
            self.desk.seal(message)
        except ValueError as error:
            return DeliveryResult(
                message, MessageState.FAILED, MessageReason.UNREADABLE, reply=str(error)[:200], frees=True
            )
        return None

    def _note(self, found: DeliveryRound) -> list[ActiveConnection]:
        """Take down the outcomes; the lanes on which the server waits for the next message."""
        now = clock.now()
        self.results += [delivery_result(o.message, o.what, o.reply, now) for o in found.outcomes]
        accepted = [o.message.id for o in found.outcomes if o.what == "accepted"]
        self.accepted += len(accepted)
        self.untold += accepted
        self.queue.extendleft(reversed(found.unseen))
        return found.offered

    def _write_down(self) -> None:
        if self.results:
            record_results(self.results, clock.now())
            self.results = []
        if self.untold:
            untold, self.untold = self.untold, []
            events.announce_event(MessagesAccepted(ids=untold, at=clock.now()))

    def _is_over(self) -> bool:
        return bool(self.lanes.closing) or time.monotonic() >= self.until


def _next_claim_size(done: int, took: float) -> int:
    """As many as are worked off in a third of their lease."""
    return max(10, min(LARGEST_CLAIM, int(done * CLAIM_SECONDS / max(took, 0.01))))
