"""The governor's decisions on plain values: what a suppression stops, quiet hours, retries.

In which order the rules are asked, and which wins, stands in `governor`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

VerdictOutcome = Literal["send", "defer", "drop"]

# Which purposes still pass although the address is suppressed for a reason.
PURPOSES_LET_THROUGH: dict[str, frozenset[str]] = {
    "bounced": frozenset(),
    "complained": frozenset({"ticket", "security", "transactional"}),
    "unsubscribed_all": frozenset({"ticket", "security", "transactional"}),
    "manual": frozenset({"ticket", "security", "transactional"}),
    "erased": frozenset({"ticket", "security"}),
}
PURPOSES = ("security", "ticket", "transactional", "survey", "care")
# Mail that the customer did not ask for at this moment: it needs consent, keeps quiet hours, and counts for the cap.
UNSOLICITED_PURPOSES = frozenset({"care", "survey"})
# Cut between DATA and its reply, these are sent again with the same Message-ID; the others wait for a member of staff.
RESENT_PURPOSES = frozenset({"security", "ticket"})
PRIORITIES: dict[str, int] = {"security": 10, "ticket": 20, "transactional": 30, "survey": 50, "care": 60}

# So many refusals by a server, one after the other, and sending pauses: it is more likely the server or us than the
# recipients. It doubles with each attempt that is refused again.
REFUSALS_IN_A_ROW = 10
SHORTEST_BRAKE, LONGEST_BRAKE = timedelta(minutes=1), timedelta(minutes=30)

RETRY_DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 20, 60, 240, 720, 1440))
MAX_ATTEMPTS = len(RETRY_DELAYS) + 1


@dataclass(frozen=True)
class ChannelPolicy:
    """The company's rules of one channel; quiet hours wrap midnight where they end before they start."""

    quiet_from: time = time(21)
    quiet_until: time = time(8)
    daily_cap: int = 1
    control_rate: float = 0.0
    defaults: Mapping[str, bool] = field(default_factory=dict)


class DecisionInput(NamedTuple):
    """A message to be decided on, with what is known of its recipient."""

    purpose: str
    topic: str
    address: str
    time_zone: str
    suppression_reasons: frozenset[str] = frozenset()
    consent: bool | None = None
    is_archived: bool = False
    control_draw: float = 1.0
    forced: bool = False
    is_configured: bool = True
    not_before: datetime | None = None
    deadline: datetime | None = None


@dataclass(frozen=True)
class SendVerdict:
    """Send, defer until an instant, or drop; always with its reason (empty for a plain send)."""

    outcome: VerdictOutcome
    reason: str = ""
    until: datetime | None = None


def is_purpose_suppressed(reason: str, purpose: str, *, forced: bool = False) -> bool:
    """True if a suppression of this reason stops this purpose; staff may force security mail through a bounce."""
    if forced and purpose == "security" and reason == "bounced":
        return False
    return purpose not in PURPOSES_LET_THROUGH[reason]


def is_quiet(at: datetime, zone: str, start: time, end: time) -> bool:
    """True from `start` to just before `end` on the wall clock of the zone; equal times mean no quiet hours."""
    local = at.astimezone(ZoneInfo(zone)).time()
    if start == end:
        return False
    return start <= local < end if start < end else local >= start or local < end


def quiet_end(at: datetime, zone: str, start: time, end: time) -> datetime | None:
    """When the present quiet hours end, None outside them. A wall time that DST skips becomes the next valid minute."""
    if not is_quiet(at, zone, start, end):
        return None
    day = at.astimezone(ZoneInfo(zone)).date()
    again = datetime.combine(day, end, tzinfo=ZoneInfo(zone)).replace(fold=1).astimezone(UTC)
    ends = (local_instant(day, end, zone), again, local_instant(day + timedelta(days=1), end, zone))
    return next(moment for moment in ends if moment > at)


def local_instant(day: date, wall: time, zone: str) -> datetime:
    """The first instant (UTC) at which the zone's clock shows `wall` on `day`; where DST skips it, the next valid minute."""
    tz, wanted = ZoneInfo(zone), datetime.combine(day, wall)
    instant = wanted.replace(tzinfo=tz).astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) == wanted:
        return instant
    moment = wanted.replace(tzinfo=tz, fold=1).astimezone(UTC)
    while moment.astimezone(tz).replace(tzinfo=None) < wanted:
        moment += timedelta(minutes=1)
    return moment


def next_morning(day: date, zone: str, policy: ChannelPolicy) -> datetime:
    """The first open instant of the local day after `day`."""
    tomorrow = local_instant(day + timedelta(days=1), time(), zone)
    return quiet_end(tomorrow, zone, policy.quiet_from, policy.quiet_until) or tomorrow


def open_until(at: datetime, zone: str, policy: ChannelPolicy) -> datetime:
    """Until when care and survey mail that may go out now still may: the next quiet hours or the end of the local day.

    Where the clocks change before that, quiet hours may come twice: then it is `at`, so that each message is checked again.
    """
    day = at.astimezone(ZoneInfo(zone)).date()
    quiet, midnight = local_instant(day, policy.quiet_from, zone), local_instant(day + timedelta(days=1), time(), zone)
    end = quiet if at < quiet < midnight and policy.quiet_from != policy.quiet_until else midnight
    return end if _offset(at, zone) == _offset(end, zone) else at


def _offset(at: datetime, zone: str) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


def decide_verdict(question: DecisionInput, policy: ChannelPolicy, at: datetime) -> SendVerdict:
    """Drop what is refused, defer what comes at the wrong time, send the rest; the frequency cap is not asked here."""
    refusal = refusal_reason(question, policy, at)
    return SendVerdict("drop", refusal) if refusal else _timing_verdict(question, policy, at)


def refusal_reason(question: DecisionInput, policy: ChannelPolicy, at: datetime) -> str:
    """The first rule by which the message may not go at any time; empty if it may, now or later."""
    if not question.address:
        return "no_address"
    for reason in sorted(question.suppression_reasons):
        if is_purpose_suppressed(reason, question.purpose, forced=question.forced):
            return reason
    if question.deadline is not None and question.deadline <= at:
        return "late"
    if question.purpose not in UNSOLICITED_PURPOSES:
        return ""
    if question.is_archived:
        return "archived"
    if not _has_consent(question, policy):
        return "no_consent"
    return "control_group" if question.control_draw < policy.control_rate else ""


def _has_consent(question: DecisionInput, policy: ChannelPolicy) -> bool:
    return policy.defaults.get(question.topic, False) if question.consent is None else question.consent


def _timing_verdict(question: DecisionInput, policy: ChannelPolicy, at: datetime) -> SendVerdict:
    if not question.is_configured:
        return SendVerdict("send", "not_configured")
    start = max(at, question.not_before) if question.not_before else at
    reason = "not_yet" if start > at else ""
    if question.purpose in UNSOLICITED_PURPOSES:
        end = quiet_end(start, question.time_zone, policy.quiet_from, policy.quiet_until)
        start, reason = (end, "quiet_hours") if end else (start, reason)
    if start <= at:
        return SendVerdict("send")
    if question.deadline is not None and start >= question.deadline:
        return SendVerdict("drop", "late")
    return SendVerdict("defer", reason, start)


def retry_delay(attempts: int, jitter: float) -> timedelta | None:
    """The pause after the n-th failed attempt, ±20 % (jitter is −1 … 1); None when it is time to give up."""
    return RETRY_DELAYS[attempts - 1] * (1 + 0.2 * jitter) if attempts <= len(RETRY_DELAYS) else None


def brake_pause(earlier_pauses: int) -> timedelta:
    """How long sending pauses after many refusals in a row: a minute, doubled by each pause before it, at most half an hour."""
    pause: timedelta = SHORTEST_BRAKE * 2 ** min(earlier_pauses, 6)
    return min(LONGEST_BRAKE, pause)


def control_group_draw(customer_id: int) -> float:
    """A customer's number in [0, 1) for the global control group: evenly spread, and never another."""
    return int.from_bytes(sha256(f"control:{customer_id}".encode()).digest()[:8], "big") / 2**64


def history_entry(at: datetime, state: str, reason: str = "", **details: Any) -> dict[str, Any]:
    """One line of a message's history; empty details are left out."""
    return {
        "at": at.isoformat(timespec="seconds"),
        "state": str(state),
        "reason": str(reason),
        **{name: value for name, value in details.items() if value},
    }
