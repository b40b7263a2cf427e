"""Every eligible customer ends in exactly one place, whatever the rows say."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.kernel.time import clock
from customers.messaging.choices import MessageReason
from customers.messaging.choices import MessageState as Message
from customers.messaging.models import OutboundMessage
from retention.care import reconciliation
from retention.care.choices import EnrollmentOutcome
from retention.care.models import Enrollment, ProgramRun
from retention.care.reconciliation import ProgramReconciliation

MESSAGE_STATES = [None, *Message.values]
FATE = st.one_of(
    st.just(("held_out", "done", "", None, "")),
    st.tuples(
        st.none(),
        st.sampled_from(["suppressed", "skipped_late"]),
        st.sampled_from(["no_consent", "late"]),
        st.none(),
        st.just(""),
    ),
    st.tuples(
        st.just("treated"),
        st.sampled_from(["waiting", "in_progress", "done", "exited", "suppressed", "skipped_late", "failed"]),
        st.sampled_from(["", "goal", "stopped", "no_consent"]),
        st.sampled_from(MESSAGE_STATES),
        st.sampled_from(
            [
                "",
                MessageReason.RECALLED.value,
                MessageReason.LATE.value,
                MessageReason.NO_CONSENT.value,
                MessageReason.BOUNCED.value,
            ]
        ),
    ),
)


def naive(enrollments) -> ProgramReconciliation:
    """One query per number, as one writes it first: some rows are in two numbers, some in none."""
    find = lambda **how: enrollments.filter(**how).count()  # noqa: E731
    parts = dict.fromkeys(EnrollmentOutcome.values, 0) | {
        EnrollmentOutcome.ACCEPTED: find(message__state=Message.ACCEPTED),
        EnrollmentOutcome.HELD_OUT: find(arm="held_out"),
        EnrollmentOutcome.SUPPRESSED: enrollments.filter(
            Q(state="suppressed") | Q(message__state=Message.DROPPED)
        ).count(),
        EnrollmentOutcome.EXITED: find(state="exited"),
        EnrollmentOutcome.SKIPPED_LATE: find(state="skipped_late"),
        EnrollmentOutcome.FAILED: find(message__state=Message.FAILED),
        EnrollmentOutcome.UNKNOWN: find(message__state=Message.UNKNOWN),
        EnrollmentOutcome.IN_PROGRESS: find(
            state__in=["waiting", "in_progress"], message__state__in=[Message.QUEUED, Message.DEFERRED]
        ),
    }
    return ProgramReconciliation(enrollments.count(), parts, {"all": parts[EnrollmentOutcome.SUPPRESSED]})


@pytest.fixture
def write_rows(make_reader, turn_on):
    """Rows of given fates, one per customer."""
    program = turn_on("birthday")
    now = clock.now()
    run = ProgramRun.objects.create(
        program=program, version=program.current, ran_at=now, planned_from=now, planned_until=now
    )
    readers = [make_reader(f"Reader {n}") for n in range(8)]

    def write(fates):
        for reader, (arm, state, reason, message_state, message_reason) in zip(readers, fates, strict=False):
            message = message_state and OutboundMessage.objects.create(
                customer=reader, channel="email", purpose="care", topic="care", priority=60, language="en", message_id=f"<{reader.pk}@x>",
                source_type="care", source_id=program.public_id, occasion_key="birthday:2026", state=message_state, reason=message_reason,
                next_attempt_at=now, created_at=now,
            )  # fmt: skip
            Enrollment.objects.create(
                program=program, version=program.current, run=run, customer=reader,
                occasion_key="birthday:2026", occasion_on=date(2026, 3, 10), arm=arm, state=state, reason=reason,
                due_at=now if state == "waiting" else None, entered_at=now, message=message or None,
                goal_reached_at=now + timedelta(days=1),
            )  # fmt: skip
        return Enrollment.objects.filter(program=program)

    return write


@pytest.mark.rule("RC-7", "S84")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=st.lists(FATE, min_size=1, max_size=8))
def test_it_adds_up_for_any_rows(write_rows, fates):
    with transaction.atomic():
        rows = write_rows(fates)
        sums = reconciliation.reconcile_enrollments(rows)
        by_reason = sum(
            rows.filter(pk__in=[row.pk]).count()
            for row in reconciliation.annotate_outcome(rows).filter(outcome="suppressed")
        )
        transaction.set_rollback(True)

    assert sums.adds_up
    assert sums.eligible == len(fates)
    assert sums.counts_by_outcome[EnrollmentOutcome.SUPPRESSED] == by_reason


@pytest.mark.rule("RC-7")
@pytest.mark.parametrize(
    "fate",
    [
        ("treated", "exited", "goal", Message.ACCEPTED, ""),  # sent, then bought: would be in two numbers
        ("treated", "in_progress", "", Message.CLAIMED, ""),  # being sent: would be in none
        ("treated", "exited", "stopped", Message.DROPPED, MessageReason.RECALLED.value),  # recalled: would be in two
    ],
)
def test_the_same_check_finds_a_naive_count_wrong(write_rows, fate):
    rows = write_rows([fate])

    assert not naive(rows).adds_up
    assert reconciliation.reconcile_enrollments(rows).adds_up


@pytest.mark.rule("RC-7")
@pytest.mark.parametrize(
    ("fate", "outcome", "why"),
    [
        (("held_out", "done", "", None, ""), "held_out", ""),
        ((None, "suppressed", "no_consent", None, ""), "suppressed", "no_consent"),
        ((None, "skipped_late", "late", None, ""), "skipped_late", "late"),
        (("treated", "waiting", "", None, ""), "in_progress", ""),
        (
            ("treated", "in_progress", "", Message.DEFERRED, MessageReason.QUIET_HOURS.value),
            "in_progress",
            "quiet_hours",
        ),
        (
            ("treated", "in_progress", "", Message.HELD, MessageReason.NOT_CONFIGURED.value),
            "in_progress",
            "not_configured",
        ),
        (("treated", "done", "", Message.ACCEPTED, ""), "accepted", ""),
        (("treated", "in_progress", "", Message.UNKNOWN, MessageReason.CUT.value), "unknown", "cut"),
        (("treated", "failed", "refused", Message.FAILED, MessageReason.REFUSED.value), "failed", "refused"),
        (("treated", "in_progress", "", Message.DROPPED, MessageReason.BOUNCED.value), "suppressed", "bounced"),
        (("treated", "in_progress", "", Message.DROPPED, MessageReason.LATE.value), "skipped_late", "late"),
        (("treated", "exited", "goal", None, ""), "exited", "goal"),
    ],
)
def test_where_a_row_ends_and_why(write_rows, fate, outcome, why):
    row = reconciliation.annotate_outcome(write_rows([fate])).get()

    assert (row.outcome, row.why) == (outcome, why)
