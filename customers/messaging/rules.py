"""Decisions of the door on plain values: who is covered by what, quiet hours, the next attempt, what an answer means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Outcome = Literal["send", "defer", "drop"]

# Which purposes still pass although the address is suppressed for a reason.
PASSES: dict[str, frozenset[str]] = {
    "bounced": frozenset(),
    "complained": frozenset({"ticket", "security", "transactional"}),
    "unsubscribed_all": frozenset({"ticket", "security", "transactional"}),
    "manual": frozenset({"ticket", "security", "transactional"}),
    "erased": frozenset({"ticket", "security"}),
}
PURPOSES = ("security", "ticket", "transactional", "survey", "care")
# Mail that the customer did not ask for at this moment: it needs consent, waits for the morning, and counts for the cap.
UNASKED = frozenset({"care", "survey"})
# Cut between DATA and its answer, these are sent again with the same Message-ID; the others wait for a person.
AGAIN = frozenset({"security", "ticket"})
PRIORITIES: dict[str, int] = {"security": 10, "ticket": 20, "transactional": 30, "survey": 50, "care": 60}

BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 20, 60, 240, 720, 1440))
MAX_ATTEMPTS = len(BACKOFF) + 1


@dataclass(frozen=True)
class Policy:
    """The company's rules of one channel; quiet hours wrap midnight where they end before they start."""

    quiet_from: time = time(21)
    quiet_until: time = time(8)
    daily_cap: int = 1
    control_rate: float = 0.0
    defaults: Mapping[str, bool] = field(default_factory=dict)


class Question(NamedTuple):
    """One message before the door, with what is known of its reader."""

    purpose: str
    topic: str
    address: str
    zone: str
    suppressed: frozenset[str] = frozenset()
    consent: bool | None = None
    archived: bool = False
    draw: float = 1.0
    forced: bool = False
    configured: bool = True
    not_before: datetime | None = None
    deadline: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """The door's answer: send, defer until an instant, or drop; always with its reason (empty for a plain send)."""

    outcome: Outcome
    reason: str = ""
    until: datetime | None = None


def covers(reason: str, purpose: str, *, forced: bool = False) -> bool:
    """True if a suppression of this reason stops this purpose; staff may force security mail through a bounce."""
    if forced and purpose == "security" and reason == "bounced":
        return False
    return purpose not in PASSES[reason]


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
    ends = (instant(day, end, zone), again, instant(day + timedelta(days=1), end, zone))
    return next(moment for moment in ends if moment > at)


def instant(day: date, wall: time, zone: str) -> datetime:
    """The first instant (UTC) at which the zone's clock shows `wall` on `day`; where DST skips it, the next valid minute."""
    tz, wanted = ZoneInfo(zone), datetime.combine(day, wall)
    found = wanted.replace(tzinfo=tz).astimezone(UTC)
    if found.astimezone(tz).replace(tzinfo=None) == wanted:
        return found
    moment = wanted.replace(tzinfo=tz, fold=1).astimezone(UTC)
    while moment.astimezone(tz).replace(tzinfo=None) < wanted:
        moment += timedelta(minutes=1)
    return moment


def next_morning(day: date, zone: str, policy: Policy) -> datetime:
    """The first open instant of the local day after `day`."""
    tomorrow = instant(day + timedelta(days=1), time(), zone)
    return quiet_end(tomorrow, zone, policy.quiet_from, policy.quiet_until) or tomorrow


def open_until(at: datetime, zone: str, policy: Policy) -> datetime:
    """Until when nothing changes for unasked mail that may go out now: the next quiet hours or the end of the local day.

    Where the clocks change before that, quiet hours may come twice: then it is `at`, so that each message is asked again.
    """
    day = at.astimezone(ZoneInfo(zone)).date()
    quiet, midnight = instant(day, policy.quiet_from, zone), instant(day + timedelta(days=1), time(), zone)
    end = quiet if at < quiet < midnight and policy.quiet_from != policy.quiet_until else midnight
    return end if _offset(at, zone) == _offset(end, zone) else at


def _offset(at: datetime, zone: str) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


def decide(question: Question, policy: Policy, at: datetime) -> Verdict:
    """Suppression → consent → control group → quiet hours; the frequency cap is asked last, by whoever gives out slots."""
    refusal = turned_away(question, policy, at)
    return Verdict("drop", refusal) if refusal else _when(question, policy, at, question.purpose in UNASKED)


def turned_away(question: Question, policy: Policy, at: datetime) -> str:
    """Why the message may not go at any time; empty if it may, now or later."""
    if not question.address:
        return "no_address"
    for reason in sorted(question.suppressed):
        if covers(reason, question.purpose, forced=question.forced):
            return reason
    if question.deadline is not None and question.deadline <= at:
        return "late"
    if question.purpose not in UNASKED:
        return ""
    if question.archived:
        return "archived"
    if not _may(question, policy):
        return "no_consent"
    return "control_group" if question.draw < policy.control_rate else ""


def _may(question: Question, policy: Policy) -> bool:
    return policy.defaults.get(question.topic, False) if question.consent is None else question.consent


def _when(question: Question, policy: Policy, at: datetime, unasked: bool) -> Verdict:
    if not question.configured:
        return Verdict("send", "not_configured")
    start = max(at, question.not_before) if question.not_before else at
    reason = "not_yet" if start > at else ""
    if unasked and (end := quiet_end(start, question.zone, policy.quiet_from, policy.quiet_until)):
        start, reason = end, "quiet_hours"
    if start <= at:
        return Verdict("send")
    if question.deadline is not None and start >= question.deadline:
        return Verdict("drop", "late")
    return Verdict("defer", reason, start)


def backoff(attempts: int, jitter: float) -> timedelta | None:
    """The pause after the n-th failed attempt, ±20 % (jitter is −1 … 1); None when it is time to give up."""
    return BACKOFF[attempts - 1] * (1 + 0.2 * jitter) if attempts <= len(BACKOFF) else None


Meaning = Literal["accepted", "temporary", "refused", "bounced", "closing"]


def meaning(code: int, text: str) -> Meaning:
    """What a reply of the mail server means; 550, 551, 553 and 5.1.x say that the address is no good, 5.7.x only we are not liked."""
    if 200 <= code < 300:
        return "accepted"
    if code == 421:
        return "closing"
    if 400 <= code < 500:
        return "temporary"
    enhanced = text.split(" ", 1)[0]
    if enhanced.startswith("5.1."):
        return "bounced"
    unknown_address = code in (550, 551, 553) and not enhanced.startswith(("5.2.", "5.7."))
    return "bounced" if unknown_address else "refused"


def draw(customer_id: int) -> float:
    """A customer's stable number in [0, 1) for the global control group; spread evenly, the same for ever."""
    return int.from_bytes(sha256(f"control:{customer_id}".encode()).digest()[:8], "big") / 2**64
