"""How a programme is drawn: its steps with their numbers, its sums, its reasons in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.kernel import money
from customers.messaging.choices import MessageReason
from retention.care.choices import EnrollmentOutcome, LapseMode, ProgramKind
from retention.care.message_preview import MessagePreview
from retention.care.models import CareProgram
from retention.care.reconciliation import ProgramReconciliation
from retention.care.trigger_settings import BirthdaySettings, LapsedSettings, PointsExpiringSettings


@dataclass(frozen=True)
class FlowBox:
    """One box of the flow; `url` opens the customers behind its number."""

    kind: str
    icon: str
    title: str
    note: str
    value: int | None = None
    unit: str = ""
    url: str = ""


@dataclass(frozen=True)
class ReconciliationLine:
    """One line of the sums."""

    label: str
    count: int
    outcome: str
    why: str = ""
    is_part: bool = False

    @property
    def query(self) -> str:
        """Which of the programme's people these are."""
        return f"?outcome={self.outcome}&why={self.why}" if self.why else f"?outcome={self.outcome}"


def program_url(name: str, program: CareProgram, **query: str) -> str:
    """An address of a programme."""
    address = reverse(f"retention:{name}", args=[program.public_id])
    asked = "&".join(f"{key}={value}" for key, value in query.items() if value)
    return f"{address}?{asked}" if asked else address


def flow_boxes(
    program: CareProgram, sums: ProgramReconciliation, letter: MessagePreview, *, is_linked: bool
) -> list[FlowBox]:
    """Trigger → reachable → holdout → coupon → message → goal; the message is called by its subject."""
    parts = sums.parts
    people = lambda outcome: program_url("program_people", program, outcome=outcome) if is_linked else ""  # noqa: E731
    unreached = parts[EnrollmentOutcome.SUPPRESSED] + parts[EnrollmentOutcome.SKIPPED_LATE]
    treated = sums.eligible - unreached - parts[EnrollmentOutcome.HELD_OUT]
    share = money.format_rate(program.holdout_share, _current_language(), 0)
    held = ngettext(
        "%(count)s held out, gets nothing from here",
        "%(count)s held out, get nothing from here",
        parts[EnrollmentOutcome.HELD_OUT],
    )
    drawn = [
        FlowBox(
            "trigger",
            "lightning",
            *trigger_text(program),
            sums.eligible,
            _("eligible"),
            program_url("program_people", program),
        ),
        FlowBox(
            "cond",
            "funnel",
            _("Can be reached"),
            _("Consent, address, no suppression"),
            unreached,
            _("left out"),
            people("suppressed"),
        ),
        FlowBox(
            "split",
            "shuffle",
            _("Holdout %(share)s") % {"share": share},
            held % {"count": _format_number(parts[EnrollmentOutcome.HELD_OUT])},
            treated,
            _("treated"),
            people("held_out"),
        ),
    ]
    settings = program.settings
    if isinstance(settings, LapsedSettings) and settings.coupon:
        drawn.append(
            FlowBox(
                "coupon",
                "ticket-perforated",
                coupon_title(settings),
                _("Valid for %(days)s days, one use") % {"days": settings.coupon_days},
            )
        )
    drawn.append(
        FlowBox(
            "send",
            "envelope",
            letter.title or _("Message"),
            _("E-mail, 3 languages"),
            parts[EnrollmentOutcome.ACCEPTED],
            _("sent"),
            people("accepted"),
        )
    )
    goal = _("Goal: buys within %(days)s days") % {"days": program.evaluation_days}
    drawn.append(FlowBox("goal", "flag", goal, _("Measured alike for both arms")))
    return drawn


def trigger_text(program: CareProgram) -> tuple[str, str]:
    """What starts the programme, in words: title and note."""
    settings = program.settings
    when = _("Every day from %(hour)s:00 where the customer is") % {"hour": f"{settings.send_hour:02}"}
    if isinstance(settings, BirthdaySettings):
        return _("The customer's birthday"), when
    if isinstance(settings, PointsExpiringSettings):
        days = settings.days_before
        return ngettext("Points expire in %(days)s day", "Points expire in %(days)s days", days) % {"days": days}, when
    if settings.mode == LapseMode.OWN_GAP:
        return _("No purchase for %(factor)s times the usual gap") % {"factor": settings.gap_factor.normalize()}, when
    return ngettext("No purchase for %(days)s day", "No purchase for %(days)s days", settings.lapse_days) % {
        "days": settings.lapse_days
    }, when


def coupon_title(settings: LapsedSettings) -> str:
    """`10% off` or `50 off`."""
    value = settings.coupon_value.normalize()
    return (
        _("%(value)s%% off") % {"value": f"{value:f}"}
        if settings.coupon_discount == "percent"
        else _("%(value)s off") % {"value": f"{value:f}"}
    )


def reconciliation_lines(sums: ProgramReconciliation) -> list[ReconciliationLine]:
    """The sums line by line: what is suppressed is split by reason."""
    lines = []
    for outcome, label in EnrollmentOutcome.choices:
        lines.append(ReconciliationLine(str(label), sums.parts[outcome], outcome))
        if outcome == EnrollmentOutcome.SUPPRESSED:
            lines += [
                ReconciliationLine(reason_text(why), count, outcome, why, True)
                for why, count in sorted(sums.suppressed.items())
            ]
    return lines


def reason_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Reasons in words, the commonest first."""
    return [(reason_text(why), count) for why, count in sorted(counts.items(), key=lambda each: -each[1])]


def reason_text(why: str) -> str:
    """Why somebody stands where he stands, in a sentence."""
    own: dict[str, Any] = {
        "goal": _("Bought before the message went out."),
        "stopped": _("The programme was switched off."),
        "recalled": _("Recalled before it was sent."),
        "nothing_left": _("The points were used before the message was written."),
        "late": _("It would have come too late."),
    }
    if why in own:
        return str(own[why])
    return str(MessageReason(why).label) if why in MessageReason.values else why


def program_purpose(kind: str) -> str:
    """What a kind of programme is for, in one line of the list."""
    return {
        ProgramKind.BIRTHDAY: _("A greeting by name on the local birthday"),
        ProgramKind.EXPIRING: _("A reminder with the exact sum before points lapse"),
        ProgramKind.LAPSED: _("An invitation with a coupon after a long silence"),
    }[ProgramKind(kind)]


def _current_language() -> str:
    return get_language() or "en"


def _format_number(value: int) -> str:
    return money.format_number(value, _current_language())
