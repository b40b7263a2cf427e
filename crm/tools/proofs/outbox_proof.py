"""The outbox sends at most once and loses nothing, although its workers are killed and the mail server cuts connections."""

from collections import Counter
from datetime import time as wall_time
from random import Random

from crm.kernel import company
from crm.kernel.time import clock
from crm.tools.proofs import worker_crew
from crm.tools.proofs.registry import register_proof
from crm.tools.proofs.report import ProofTrial
from crm.tools.proofs.smtp_sink import SinkScript, SmtpSink
from customers.messaging import consent
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import MessageDraft, enqueue_messages
from customers.messaging.policy import MessagingSettings
from customers.profiles import services

WORKERS, CONNECTIONS = 4, 2
PER_SECOND = 120
SETTLED = {"accepted", "failed", "unknown", "dropped"}


class ConnectionCutter(SinkScript):
    """Answers late, and at times cuts the connection after the whole message: the client cannot know whether it was taken."""

    def __init__(self, seed: int) -> None:
        super().__init__(keep_raw=False)
        self.chance = Random(seed)
        self.cuts = 0

    def delay(self, recipient: str) -> float:
        return self.chance.uniform(0, 0.04)

    def on_message(self, recipient: str, message_id: str) -> str:
        draw = self.chance.random()
        if draw < 0.02:
            self.cuts += 1
            return "take-and-reset" if draw < 0.01 else "reset"
        return "250 2.0.0 Ok"


@register_proof("outbox", variants=("lease-only",))
def prove_outbox(trial: ProofTrial) -> None:
    """Put messages in, let killed workers send them, and compare what the sink took with what the rows say."""
    messages = _enqueue_proof_messages(int(trial.seconds * PER_SECOND))
    with SmtpSink(ConnectionCutter(trial.report.seed)) as sink:
        worker_crew.run_worker_process(
            trial, "crm.tools.proofs.outbox_senders", workers=WORKERS, EMAIL_URL=f"smtp://127.0.0.1:{sink.port}",
            MAIL_SENDERS=WORKERS, MAIL_CONNECTIONS=CONNECTIONS, MAIL_LEASE_SECONDS=2, MAIL_DATA_SECONDS=2,
        )  # fmt: skip
    _check_deliveries(trial, messages, sink)


def _enqueue_proof_messages(count: int) -> list[OutboundMessage]:
    now = clock.now()
    company.change_settings(MessagingSettings, {"quiet_from": wall_time(0), "quiet_until": wall_time(0)}, by=None)
    customers = [
        services.create_customer(
            display_name=f"Person {n}", email=f"person{n}@prove.example", time_zone="UTC", at=now, live=False
        )
        for n in range(count)
    ]
    statements = [consent.ConsentStatement(customer.pk, "email", "care", "given") for customer in customers]
    consent.record_consents(statements=statements, source="demo", at=now)
    drafts = [
        MessageDraft(
            customer_id=customer.pk,
            purpose="care",
            topic="care",
            source_type="proof",
            source_id=1,
            occasion_key="once",
            subject="Hello",
            text="Good day.",
        )
        for customer in customers
    ]
    return enqueue_messages(drafts, now)


def _check_deliveries(trial: ProofTrial, messages: list[OutboundMessage], sink: SmtpSink) -> None:
    report = trial.report
    copies_by_id = Counter(mail.message_id for mail in sink.taken)
    rows = list(OutboundMessage.objects.filter(source_type="proof").only("id", "state", "message_id", "attempts"))
    states = Counter(row.state for row in rows)
    report.operations = len(rows)
    report.counts = {**states, "taken": len(sink.taken), "cuts": sink.script.cuts}  # type: ignore[attr-defined]
    for row in rows:
        copies = copies_by_id[row.message_id]
        if copies > 1:
            report.violated("sent more than once", message=row.pk, copies=copies)
        if not row.attempts:
            report.violated("never tried", message=row.pk)
        if row.state not in SETTLED:
            report.violated("stuck", message=row.pk, state=row.state)
        if row.state == "accepted" and not copies:
            report.violated("said to be sent, but never taken", message=row.pk)
    if len(rows) != len(messages):
        report.violated("lost", expected=len(messages), found=len(rows))
    most = report.kills * CONNECTIONS + report.counts["cuts"]
    if states["unknown"] > most:
        report.violated("more of unknown fate than kills and cuts explain", unknown=states["unknown"], most=most)
