"""Everybody with a birthday today gets one greeting, although planners and senders are killed and run side by side.

Never two; none only where the kill or the cut fell between `data_started` and the mail server's answer, and then the
message says *unknown*. Who is held out or cannot be reached gets nothing, and all of them add up.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import time as wall_time
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from crm.kernel import company
from crm.kernel.time import clock
from crm.tools.proofs import worker_crew
from crm.tools.proofs.outbox_proof import ConnectionCutter
from crm.tools.proofs.registry import register_proof
from crm.tools.proofs.report import ProofTrial
from crm.tools.proofs.smtp_sink import SmtpSink
from customers.messaging import consent
from customers.messaging.models import OutboundMessage
from customers.messaging.policy import MessagingSettings
from customers.profiles import services as profiles
from customers.profiles.models import Customer
from retention.care import defaults, reconciliation, rules, services
from retention.care.choices import EnrollmentOutcome
from retention.care.models import CareProgram, Enrollment

WORKERS, CONNECTIONS = 4, 2
CUSTOMERS_PER_SECOND = 80
HOLDOUT_SHARE = Decimal("0.2")
UNIQUE_INDEX = "enrollment_once_per_occasion"


@register_proof("care", variants=("key-by-run", "no-unique"))
def prove_care(trial: ProofTrial) -> None:
    """Customers with a birthday today, a programme that is on, workers that are killed while they plan and send."""
    program, people = _create_birthday_customers(int(trial.seconds * CUSTOMERS_PER_SECOND))
    with _with_unique_key(trial.broken != "no-unique"), SmtpSink(ConnectionCutter(trial.report.seed)) as sink:
        worker_crew.run_worker_process(
            trial, "crm.tools.proofs.care_workers", workers=WORKERS, EMAIL_URL=f"smtp://127.0.0.1:{sink.port}",
            MAIL_SENDERS=WORKERS, MAIL_CONNECTIONS=CONNECTIONS, MAIL_LEASE_SECONDS=2, MAIL_DATA_SECONDS=2,
            LOG_LEVEL="CRITICAL", finish_seconds=6 if trial.broken == "no-unique" else worker_crew.FINISH_SECONDS,
        )  # fmt: skip
        _check_copies(trial, program, people, sink)


def _create_birthday_customers(count: int) -> tuple[CareProgram, list[Customer]]:
    """One in eight says nothing about consent. It is noon where they live, so that the birthday is open."""
    now = clock.now()
    zone = f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "Etc/GMT"
    day = now.astimezone(ZoneInfo(zone)).date()
    # Neither quiet hours nor the cap may hide a second copy.
    company.change_settings(
        MessagingSettings, {"quiet_from": wall_time(0), "quiet_until": wall_time(0), "daily_cap": 99}, by=None
    )
    people = [
        profiles.create_customer(
            display_name=f"Person {n}", email=f"person{n}@prove.example", time_zone=zone, birth_month=day.month,
            birth_day=day.day, at=now, live=False,
        )
        for n in range(count)
    ]  # fmt: skip
    said = [consent.ConsentStatement(person.pk, "email", "care", "given") for n, person in enumerate(people) if n % 8]
    consent.record_consents(statements=said, source="demo", at=now)
    company.change_settings(company.CompanySettings, {"postal_address": "1 Proving Ground"}, by=None)
    defaults.ensure_default_programs()
    program = CareProgram.objects.get(key="birthday")
    services.change_holdout(program=program, share=HOLDOUT_SHARE, by=None)
    services.start_program(program=program, at=now - timedelta(hours=1), by=None, smallest_effect=None)
    return CareProgram.objects.get(pk=program.pk), people


@contextmanager
def _with_unique_key(is_kept: bool) -> Iterator[None]:
    """The mechanism of the promise, or nothing in its place."""
    if is_kept:
        yield
        return
    with _as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {UNIQUE_INDEX}")
    try:
        yield
    finally:
        with _as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM retention_enrollment")
            cursor.execute(
                f"CREATE UNIQUE INDEX {UNIQUE_INDEX} ON retention_enrollment (program_id, customer_id, occasion_key)"
            )


def _as_owner() -> AbstractContextManager[None]:
    wrapper: Any = connection
    return wrapper.as_owner()  # type: ignore[no-any-return]


def _check_copies(trial: ProofTrial, program: CareProgram, customers: list[Customer], sink: SmtpSink) -> None:
    report = trial.report
    taken = Counter(one.recipient for one in sink.taken)
    entries: dict[int, list[Enrollment]] = {}
    for entry in Enrollment.objects.filter(program=program).select_related("message"):
        entries.setdefault(entry.customer_id, []).append(entry)
    report.operations = len(customers)
    for number, person in enumerate(customers):
        mine, copies = entries.get(person.pk, []), taken[str(person.email)]
        if len(mine) != 1:
            report.violated("entered not exactly once", customer=person.pk, entries=[entry.pk for entry in mine])
        if copies > 1:
            report.violated("greeted more than once", customer=person.pk, copies=copies)
        if copies != _expected_copies(person, number, program, mine) and not _is_unknown(mine):
            report.violated("greeted wrongly", customer=person.pk, copies=copies, entries=[entry.pk for entry in mine])
    _check_sums(trial, program, len(customers), sink)


def _expected_copies(person: Customer, number: int, program: CareProgram, mine: list[Enrollment]) -> int:
    """One copy for everybody who agreed and is not held out; told from the people, not from the rows."""
    return int(number % 8 > 0 and not rules.is_held_out(person.pk, program.pk, float(HOLDOUT_SHARE)))


def _is_unknown(mine: list[Enrollment]) -> bool:
    return any(entry.message is not None and entry.message.state == "unknown" for entry in mine)


def _check_sums(trial: ProofTrial, program: CareProgram, customers: int, sink: SmtpSink) -> None:
    report = trial.report
    counts = reconciliation.reconcile_program(program)
    report.counts = {
        **counts.counts_by_outcome,
        "copies": len(sink.taken),
        "cuts": sink.script.cuts,  # type: ignore[attr-defined]
        "messages": OutboundMessage.objects.count(),
    }
    if counts.eligible != customers or not counts.adds_up:
        report.violated("does not add up", eligible=counts.eligible, people=customers)
    if counts.counts_by_outcome[EnrollmentOutcome.IN_PROGRESS]:
        report.violated("stuck", entries=counts.counts_by_outcome[EnrollmentOutcome.IN_PROGRESS])
    most = report.kills * CONNECTIONS + report.counts["cuts"]
    if counts.counts_by_outcome[EnrollmentOutcome.UNKNOWN] > most:
        unknown = counts.counts_by_outcome[EnrollmentOutcome.UNKNOWN]
        report.violated("more of unknown fate than kills and cuts explain", unknown=unknown, most=most)
