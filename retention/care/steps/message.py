"""Message: the texts of the version, filled for each customer and handed to the outbox."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from customers.messaging import governor, recipients
from customers.messaging.choices import MessagePurpose
from customers.messaging.outbox.enqueueing import enqueue_messages
from customers.messaging.outbox.message_draft import MessageDraft
from retention.care import message_variables, rules
from retention.care.choices import EnrollmentOutcome
from retention.care.models import Enrollment, Step
from retention.care.services import SOURCE_TYPE
from retention.care.steps.base import STEP_KINDS, FlowBox, FlowFigures, StepKind, StepResults, StepSettings
from retention.care.triggers.base import TRIGGER_KINDS


@STEP_KINDS.register
class MessageStep(StepKind[StepSettings]):
    """A mail in the customer's language; once it is in the outbox, the enrolment's way ends as the message ends."""

    kind = "message"
    order = 20
    has_texts = True

    def run(self, step: Step, enrollments: Sequence[Enrollment], now: datetime) -> StepResults:
        """A message in the outbox for everybody who still has something to be told, at most once per occasion."""
        program = step.version.program
        trigger, settings = TRIGGER_KINDS.get(program.kind), step.version.typed_settings.trigger
        values = message_variables.text_values(step, enrollments, now)
        addressed = [enrollment for enrollment in enrollments if enrollment.pk in values]
        customers = recipients.recipients_by_id([enrollment.customer_id for enrollment in addressed])
        drafts = []
        for enrollment in addressed:
            zone = ZoneInfo(governor.recipient_zone(customers[enrollment.customer_id]))
            last_day = trigger.last_sending_day(settings, enrollment.occasion_on)
            drafts.append(
                MessageDraft(
                    customer_id=enrollment.customer_id,
                    purpose=MessagePurpose.CARE.value,
                    topic=program.topic,
                    source_type=SOURCE_TYPE,
                    source_id=program.public_id,
                    step=str(step.position),
                    occasion_key=enrollment.occasion_key,
                    texts=step.texts,
                    variables=values[enrollment.pk],
                    deadline=rules.local_instant(last_day, settings.closes_at, zone),
                )
            )
        for enrollment, message in zip(addressed, enqueue_messages(drafts, now), strict=True):
            enrollment.message_id = message.pk
        next_position = step.position + 1
        return {
            enrollment.pk: next_position if enrollment.pk in values else trigger.nothing_left_reason
            for enrollment in enrollments
        }

    def flow_box(self, settings: StepSettings, figures: FlowFigures) -> FlowBox:
        """The message is called by its subject."""
        return FlowBox(
            kind="send",
            icon="envelope",
            title=figures.message_title or _("Message"),
            note=_("E-mail, 3 languages"),
            value=figures.reconciliation.counts_by_outcome[EnrollmentOutcome.ACCEPTED],
            unit=_("sent"),
            url=figures.customers_url(EnrollmentOutcome.ACCEPTED),
        )
