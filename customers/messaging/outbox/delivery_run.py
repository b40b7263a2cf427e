"""One worker's delivery run: claim messages, hand them over in rounds, record the results; no transaction spans a server.

Each channel has a run of its own. `deliver_outbox` is the sweep, registered in `messaging.jobs`; up to `MAIL_SENDERS` go on
side by side over all processes.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from crm.kernel.background import events, wakeup
from crm.kernel.time import clock
from customers.messaging import channels
from customers.messaging.channels.transport import (
    ChannelDelivery,
    DeliveryRound,
    Handover,
    MessageSealer,
    MessageTransport,
    ServerUnreachable,
)
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.events import MessagesAccepted
from customers.messaging.models import Relay
from customers.messaging.outbox import queries, server_status
from customers.messaging.outbox.claims import (
    ClaimedMessage,
    claim_messages,
    recover_expired_claims,
    release_messages,
)
from customers.messaging.outbox.deferral import recheck_deferred_messages
from customers.messaging.outbox.delivery_results import (
    DeliveryResult,
    braked_result,
    record_results,
    record_results_and_begin,
)
from customers.messaging.outbox.preparation import SendMoment
from customers.messaging.outbox.refusal_brake import RefusalBrake

log = structlog.get_logger(__name__)
SENDER_LOCK_NAMESPACE = 4_201
RUN_SECONDS = 20
FIRST_CLAIM, LARGEST_CLAIM = 50, 250
# A server that refused many messages in a row is tried with a few.
BRAKED_CLAIM = 5
# A claim must be worked off well within its lease of a minute.
CLAIM_SECONDS = 20
# Results wait for the next round's commit, but not longer than this.
SLOW_SECONDS = 2


def deliver_outbox(now: datetime) -> int:
    """Recover dead workers' claims, recheck deferred messages, send what is due; returns how many were accepted."""
    recover_expired_claims(now)
    recheck_deferred_messages(now)
    return send_due_messages(now)


def send_due_messages(now: datetime, *, seconds: float = RUN_SECONDS) -> int:
    """Send what is due, for at most `seconds` each channel; returns how many messages were accepted.

    Nothing is sent to a server that is paused, or by more workers at a time than `MAIL_SENDERS`.
    """
    with _sender_place() as has_place:
        if not has_place:
            return 0
        runs = [
            _send_of_channel(server, kind.delivery, seconds)
            for kind in channels.channel_kinds()
            if kind.delivery and not (server := server_status.get_server_status(kind.code)).is_paused(now)
        ]
    if any(run.has_more for run in runs):
        wakeup.wake_worker("outbox")
    return sum(run.accepted_count for run in runs)


def _send_of_channel(server: Relay, delivery: ChannelDelivery, seconds: float) -> "DeliveryRun":
    transport = delivery.open_transport()
    run = DeliveryRun(server, delivery, transport, time.monotonic() + seconds)
    try:
        run.deliver_due()
    finally:
        transport.close()
    return run


@contextmanager
def _sender_place() -> Iterator[bool]:
    """One of `MAIL_SENDERS` places over all processes, so that a server never sees more connections than promised."""
    place = None
    with connection.cursor() as cursor:
        for number in range(settings.MAIL_SENDERS):
            cursor.execute(queries.TRY_SENDER_LOCK, [SENDER_LOCK_NAMESPACE, number])
            if cursor.fetchone()[0]:
                place = number
                break
    try:
        yield place is not None
    finally:
        if place is not None:
            with connection.cursor() as cursor:
                cursor.execute(queries.RELEASE_SENDER_LOCK, [SENDER_LOCK_NAMESPACE, place])


class DeliveryRun:
    """The messages of a channel that a worker has claimed and not yet settled, their results, and its way to the server.

    A server that refuses many messages in a row ends the run: what is claimed waits for the end of the pause.
    """

    sealer: MessageSealer

    def __init__(
        self, server: Relay, delivery: ChannelDelivery, transport: MessageTransport[Any], ends_at: float
    ) -> None:
        self.server, self.channel = server, server.channel
        self.delivery, self.transport, self.ends_at = delivery, transport, ends_at
        self.brake = RefusalBrake(server)
        self.queue: deque[ClaimedMessage] = deque()
        self.results: list[DeliveryResult] = []
        self.accepted_count = 0
        self.unannounced_ids: list[int] = []
        self.has_more = False

    def deliver_due(self) -> None:
        """Claim and deliver due messages until none is left or the time is over; release what was not tried."""
        size = BRAKED_CLAIM if self.server.is_braked else FIRST_CLAIM
        try:
            while not self._has_ended and (claimed := claim_messages(clock.now(), size, self.channel)):
                started = time.monotonic()
                self.sealer = self.delivery.create_sealer()
                self.queue.extend(self._sealed_messages(claimed))
                self._deliver_queue()
                self._record_results()
                size = _next_claim_size(len(claimed), time.monotonic() - started)
                self.has_more = self._is_over()
                if self.has_more:
                    break
        except ServerUnreachable as error:
            log.warning("relay_unreachable", error=str(error))
            server_status.record_server_failure(self.channel, str(error), clock.now())
        finally:
            if self.brake.paused_until:
                self.results += [braked_result(message, self.brake.paused_until) for message in self.queue]
                self.queue.clear()
            self._record_results()
            release_messages(list(self.queue))
        self._record_server_status()

    def _record_server_status(self) -> None:
        if self.accepted_count:
            server_status.record_server_success(self.channel, clock.now(), refusals_in_row=self.brake.refusals_in_row)
        if self.brake.paused_until:
            log.warning("mail_braked", refusals=self.brake.refusals_in_row, reply=self.brake.last_refusal)
        self.brake.record()
        if self.transport.goodbye_text:
            server_status.record_server_failure(self.channel, self.transport.goodbye_text, clock.now())

    def _deliver_queue(self) -> None:
        offered: list[Handover] = []
        while offered or (self.queue and not self._is_over()):
            if waiting := len(self.queue):
                messages = self._next_messages(self.transport.open_connections(waiting))
                offered += self._note_outcomes(self._offer_messages(messages))
            if offered:
                offered = self._deliver_round(offered)

    def _deliver_round(self, offered: list[Handover]) -> list[Handover]:
        """Commit the last round's results with this round's `data_started`, then send the messages.

        Returns the handovers whose next message the server waits for.
        """
        started = time.monotonic()
        offered = self._without_late(offered)
        begun_ids = record_results_and_begin(self.results, [active.message for active in offered], clock.now())
        self.results = []
        begun = [active for active in offered if active.message.id in begun_ids]
        if len(begun) < len(offered):
            self._abandon([active for active in offered if active.message.id not in begun_ids])
        for active, message in zip(begun, self._next_messages(len(begun)), strict=False):
            active.following = message
        next_offered = self._note_outcomes(self._deliver_messages(begun))
        if time.monotonic() - started > SLOW_SECONDS:
            self._record_results()
        return next_offered

    def _without_late(self, offered: list[Handover]) -> list[Handover]:
        """Without those whose time has passed since they were offered: a slow server may have let night fall."""
        now = clock.now()
        late = [active for active in offered if self._is_late(active.message, now)]
        self.transport.abandon_handovers(late)
        return [active for active in offered if active not in late] if late else offered

    def _abandon(self, handovers: list[Handover]) -> None:
        self.transport.abandon_handovers(handovers)
        release_messages([active.message for active in handovers])

    def _offer_messages(self, messages: list[ClaimedMessage]) -> DeliveryRound[Any]:
        _check_no_transaction()
        return self.transport.offer_messages(messages)

    def _deliver_messages(self, handovers: list[Handover]) -> DeliveryRound[Any]:
        _check_no_transaction()
        return self.transport.deliver_messages(handovers)

    def _next_messages(self, count: int) -> list[ClaimedMessage]:
        """The next messages that may still go out; none when the time is over or the server says good-bye."""
        return [] if self._is_over() else list(islice(self._sendable_messages(), count))

    def _sendable_messages(self) -> Iterator[ClaimedMessage]:
        now = clock.now()
        while self.queue:
            message = self.queue.popleft()
            if not self._is_late(message, now):
                yield message

    def _is_late(self, message: ClaimedMessage, now: datetime) -> bool:
        """True where it may go out no more; that is then its result."""
        if message.sendable_until is None or message.sendable_until > now:
            return False
        objection = SendMoment(now, self.sealer.policy).objection_to(message)
        self.results += [objection] if objection else []
        return objection is not None

    def _sealed_messages(self, claimed: list[ClaimedMessage]) -> Iterator[ClaimedMessage]:
        """The messages that may go out at this moment, sealed; the others have their result."""
        moment = SendMoment(clock.now(), self.sealer.policy)
        for message in claimed:
            result = moment.objection_to(message) or self._seal_failure(message)
            if result is None:
                yield message
            else:
                self.results.append(result)

    def _seal_failure(self, message: ClaimedMessage) -> DeliveryResult | None:
        try:
            self.sealer.seal_message(message)
        except ValueError as error:
            return DeliveryResult(
                message, MessageState.FAILED, MessageReason.UNREADABLE, reply=str(error)[:200], frees_slot=True
            )
        return None

    def _note_outcomes(self, finished: DeliveryRound[Any]) -> list[Handover]:
        """Keep the outcomes for the next commit; the handovers that the server waits for."""
        now = clock.now()
        self.results += [self.brake.result_of(outcome, now) for outcome in finished.outcomes]
        accepted_ids = [outcome.message.id for outcome in finished.outcomes if outcome.kind == "accepted"]
        self.accepted_count += len(accepted_ids)
        self.unannounced_ids += accepted_ids
        self.queue.extendleft(reversed(finished.unseen_messages))
        return finished.offered

    def _record_results(self) -> None:
        if self.results:
            record_results(self.results, clock.now())
            self.results = []
        if self.unannounced_ids:
            ids, self.unannounced_ids = self.unannounced_ids, []
            events.announce_event(MessagesAccepted(ids=ids, at=clock.now()))

    @property
    def _has_ended(self) -> bool:
        """True once the server has said good-bye or the brake is on."""
        return bool(self.transport.goodbye_text) or self.brake.paused_until is not None

    def _is_over(self) -> bool:
        return self._has_ended or time.monotonic() >= self.ends_at


def _check_no_transaction() -> None:
    """Nobody waits for a server with rows locked."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("messages are sent outside transactions only")


def _next_claim_size(message_count: int, seconds: float) -> int:
    """As many as are worked off in a third of their lease."""
    return max(10, min(LARGEST_CLAIM, int(message_count * CLAIM_SECONDS / max(seconds, 0.01))))
