"""The governor: every message to a customer, from any app, is asked here whether, when or why not it may go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm.kernel import company, languages
from customers.messaging import addresses, channels, policy, rules
from customers.messaging.choices import Channel
from customers.messaging.models import Consent, DailySlot, Suppression
from customers.messaging.rules import Verdict
from customers.profiles.models import Customer

READ = ("pk", "display_name", "given_name", "email", "phone", "language", "time_zone", "archived_at", "merged_into_id")


@dataclass(frozen=True)
class Ask:
    """A message that somebody wants to send; an empty address means the customer's own."""

    customer_id: int
    purpose: str
    topic: str
    channel: str = Channel.EMAIL.value
    address: str = ""
    forced: bool = False
    not_before: datetime | None = None
    deadline: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """The governor's answer, and what it found out on the way."""

    verdict: Verdict
    customer: Customer
    address: str
    digest: str
    zone: str
    language: str


def ask(asked: Sequence[Ask], at: datetime, people: dict[int, Customer] | None = None) -> list[Answer]:
    """Suppression → consent → control group → quiet hours, for many messages in three queries.

    The frequency cap is asked last, when a slot is given out (`slots.give`); `preview` says how it stands.
    """
    people = customers([one.customer_id for one in asked]) if people is None else people
    prepared = [(people[one.customer_id], *address_of(one, people[one.customer_id])) for one in asked]
    suppressed = suppressions({digest for _p, _a, digest in prepared if digest})
    said = consents({person.pk for person, _a, _d in prepared})
    rules_of = {channel: policy.of(channel) for channel in {one.channel for one in asked}}
    answers = []
    for one, (person, address, digest) in zip(asked, prepared, strict=True):
        question = rules.Question(
            purpose=one.purpose,
            topic=one.topic,
            address=address,
            zone=zone_of(person),
            suppressed=suppressed.get((one.channel, digest), frozenset()),
            consent=said.get((person.pk, one.channel, one.topic)),
            archived=person.archived_at is not None,
            draw=rules.draw(person.pk),
            forced=one.forced,
            configured=channels.is_configured(one.channel),
            not_before=one.not_before,
            deadline=one.deadline,
        )
        verdict = rules.decide(question, rules_of[one.channel], at)
        answers.append(Answer(verdict, person, address, digest, question.zone, language_of(person)))
    return answers


def preview(asked: Sequence[Ask], at: datetime) -> list[Answer]:
    """What would happen now, the frequency cap included; nothing is written. For *why would this customer (not) get it*."""
    answers = ask(asked, at)
    days = {local_day(answer.zone, at) for answer in answers}
    taken: dict[tuple[str, str, object], int] = {}
    for channel, digest, day in DailySlot.objects.filter(
        day__in=days, digest__in={a.digest for a in answers}
    ).values_list("channel", "digest", "day"):
        taken[(channel, digest, day)] = taken.get((channel, digest, day), 0) + 1
    return [_with_cap(one, answer, taken, at) for one, answer in zip(asked, answers, strict=True)]


def _with_cap(one: Ask, answer: Answer, taken: dict, at: datetime) -> Answer:
    cap = policy.of(one.channel)
    day = local_day(answer.zone, at)
    if (
        answer.verdict.outcome != "send"
        or one.purpose not in rules.UNASKED
        or taken.get((one.channel, answer.digest, day), 0) < cap.daily_cap
    ):
        return answer
    return replace(answer, verdict=Verdict("defer", "frequency_cap", rules.next_morning(day, answer.zone, cap)))


def customers(ids: Sequence[int]) -> dict[int, Customer]:
    """Customers by the id that was asked for, in one query; merged ones are answered by their survivor."""
    found = {person.pk: person for person in Customer.objects.filter(pk__in=set(ids)).only(*READ)}
    gone = {pk: person.merged_into_id for pk, person in found.items() if person.merged_into_id}
    if gone:
        survivors = customers(list(gone.values()))
        found |= {pk: survivors[into] for pk, into in gone.items()}
    return found


def suppressions(digests: set[str]) -> dict[tuple[str, str], frozenset[str]]:
    """Reasons by (channel, digest), in one query."""
    found: dict[tuple[str, str], set[str]] = {}
    rows = Suppression.objects.filter(digest__in=digests, lifted_at=None) if digests else Suppression.objects.none()
    for channel, digest, reason in rows.values_list("channel", "digest", "reason"):
        found.setdefault((channel, digest), set()).add(reason)
    return {key: frozenset(reasons) for key, reasons in found.items()}


def consents(ids: set[int]) -> dict[tuple[int, str, str], bool]:
    """What customers said, by (customer, channel, topic), in one query."""
    rows = Consent.objects.filter(customer_id__in=ids).values_list("customer_id", "channel", "topic", "state")
    return {(pk, channel, topic): state == "given" for pk, channel, topic, state in rows}


def zone_of(person: Customer) -> str:
    """The customer's time zone, else the company's; a name that no computer knows counts as unset."""
    return zone_or_default(person.time_zone)


def zone_or_default(name: str) -> str:
    """A known zone's name as it is, else the company's zone."""
    return name if name and _is_zone(name) else company.get().time_zone


@lru_cache(maxsize=1000)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True


def language_of(person: Customer) -> str:
    """The customer's language, else the company's."""
    return languages.best(person.language, company.get().language)


def local_day(zone: str, at: datetime) -> date:
    """The date on the customer's wall."""
    return at.astimezone(ZoneInfo(zone)).date()


def address_of(one: Ask, person: Customer) -> tuple[str, str]:
    """Where a message would go, and the HMAC of it; both empty where there is no usable address."""
    address = (one.address or (person.email if one.channel == Channel.EMAIL else person.phone) or "").strip()
    if one.channel == Channel.EMAIL and not addresses.is_deliverable(address):
        address = ""
    return address, addresses.digest(one.channel, address)
