"""The governor: every message to a customer, from any app, is asked here whether, when or why not it may go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crm.kernel import company
from crm.kernel.ui import languages
from customers.messaging import addresses, channels, policy, recipients, rules
from customers.messaging.choices import MessageChannel
from customers.messaging.models import Consent, DailySlot, Suppression
from customers.messaging.recipients import MessageRecipient
from customers.messaging.rules import SendVerdict
from customers.profiles.models import Customer


class SendRequest(NamedTuple):
    """A message that somebody wants to send; an empty address means the customer's own."""

    customer_id: int
    purpose: str
    topic: str
    channel: str = MessageChannel.EMAIL.value
    address: str = ""
    forced: bool = False
    not_before: datetime | None = None
    deadline: datetime | None = None


class AddressedRecipient(NamedTuple):
    """Whom a message reaches, at which address, and the HMAC of it; both empty where there is no usable one."""

    person: MessageRecipient | Customer
    address: str
    digest: str


@dataclass(frozen=True)
class SendDecision:
    """The governor's answer, and what it found out on the way."""

    verdict: SendVerdict
    customer: MessageRecipient | Customer
    address: str
    digest: str
    zone: str
    language: str


def decide_send_requests(
    asked: Sequence[SendRequest], at: datetime, reached: Sequence[AddressedRecipient] | None = None
) -> list[SendDecision]:
    """Suppression → consent → control group → quiet hours, for many messages in three queries.

    The frequency cap is asked last, when a slot is given out (`slots.give`); `preview` says how it stands.
    """
    reached = addressed_recipients(asked) if reached is None else reached
    answers = []
    for (person, address, digest), (question, rules_of) in zip(reached, _decision_inputs(asked, reached), strict=True):
        verdict = rules.decide_verdict(question, rules_of, at)
        answers.append(SendDecision(verdict, person, address, digest, question.zone, recipient_language(person)))
    return answers


def refusal_reasons(
    customer_ids: Sequence[int], at: datetime, *, purpose: str, topic: str, channel: str = MessageChannel.EMAIL.value
) -> dict[int, str]:
    """Customers who get no message of this kind at any time, with the reason; the same rules in the same three queries."""
    asked = [SendRequest(pk, purpose, topic, channel) for pk in customer_ids]
    found = {}
    for pk, (question, rules_of) in zip(
        customer_ids, _decision_inputs(asked, addressed_recipients(asked)), strict=True
    ):
        if refusal := rules.refusal_reason(question, rules_of, at):
            found[pk] = refusal
    return found


def addressed_recipients(asked: Sequence[SendRequest], known: Customer | None = None) -> list[AddressedRecipient]:
    """Whom each message reaches, and where; one query, or none if all are for the one customer who is known."""
    found = {known.pk: known} if known else recipients.recipients_by_id([one.customer_id for one in asked])
    return [
        AddressedRecipient(found[one.customer_id], *recipient_address(one, found[one.customer_id])) for one in asked
    ]


def _decision_inputs(
    asked: Sequence[SendRequest], reached: Sequence[AddressedRecipient]
) -> Iterator[tuple[rules.DecisionInput, rules.ChannelPolicy]]:
    on = {one.channel for one in asked}
    suppressed = suppression_reasons({reader.digest for reader in reached if reader.digest}, on)
    said = stated_consents({reader.person.pk for reader in reached}, {one.topic for one in asked})
    policies = {channel: policy.channel_policy(channel) for channel in on}
    configured = {channel: channels.is_channel_configured(channel) for channel in on}
    for one, (person, address, digest) in zip(asked, reached, strict=True):
        question = rules.DecisionInput(
            purpose=one.purpose,
            topic=one.topic,
            address=address,
            zone=recipient_zone(person),
            suppressed=suppressed.get((one.channel, digest), frozenset()),
            consent=said.get((person.pk, one.channel, one.topic)),
            archived=person.archived_at is not None,
            draw=rules.control_group_draw(person.pk) if policies[one.channel].control_rate else 1.0,
            forced=one.forced,
            configured=configured[one.channel],
            not_before=one.not_before,
            deadline=one.deadline,
        )
        yield question, policies[one.channel]


def preview_decisions(asked: Sequence[SendRequest], at: datetime) -> list[SendDecision]:
    """What would happen now, the frequency cap included; nothing is written. For *why would this customer (not) get it*."""
    answers = decide_send_requests(asked, at)
    days = {local_day(answer.zone, at) for answer in answers}
    taken: dict[tuple[str, str, object], int] = {}
    for channel, digest, day in DailySlot.objects.filter(
        day__in=days, digest__in={a.digest for a in answers}
    ).values_list("channel", "digest", "day"):
        taken[(channel, digest, day)] = taken.get((channel, digest, day), 0) + 1
    return [_with_daily_cap(one, answer, taken, at) for one, answer in zip(asked, answers, strict=True)]


def _with_daily_cap(one: SendRequest, answer: SendDecision, taken: dict, at: datetime) -> SendDecision:
    cap = policy.channel_policy(one.channel)
    day = local_day(answer.zone, at)
    if (
        answer.verdict.outcome != "send"
        or one.purpose not in rules.UNSOLICITED_PURPOSES
        or taken.get((one.channel, answer.digest, day), 0) < cap.daily_cap
    ):
        return answer
    return replace(answer, verdict=SendVerdict("defer", "frequency_cap", rules.next_morning(day, answer.zone, cap)))


def suppression_reasons(digests: set[str], on: set[str]) -> dict[tuple[str, str], frozenset[str]]:
    """Reasons by (channel, digest), in one query."""
    found: dict[tuple[str, str], set[str]] = {}
    rows = Suppression.objects.filter(channel__in=on, digest__any=digests, lifted_at=None)
    for channel, digest, reason in rows.values_list("channel", "digest", "reason") if digests else ():
        found.setdefault((channel, digest), set()).add(reason)
    return {key: frozenset(reasons) for key, reasons in found.items()}


def stated_consents(ids: set[int], topics: set[str]) -> dict[tuple[int, str, str], bool]:
    """What customers said on these topics, by (customer, channel, topic), in one query."""
    said = Consent.objects.filter(customer_id__any=ids, topic__in=topics)
    rows = said.values_list("customer_id", "channel", "topic", "state")
    return {(pk, channel, topic): state == "given" for pk, channel, topic, state in rows}


def recipient_zone(person: MessageRecipient | Customer) -> str:
    """The customer's time zone, else the company's; a name that no computer knows counts as unset."""
    return zone_or_company_default(person.time_zone)


def zone_or_company_default(name: str) -> str:
    """A known zone's name as it is, else the company's zone."""
    return name if name and _is_zone(name) else company.get_company().time_zone


@lru_cache(maxsize=1000)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True


def recipient_language(person: MessageRecipient | Customer) -> str:
    """The customer's language, else the company's."""
    return languages.match_language(person.language, company.get_company().language)


def local_day(zone: str, at: datetime) -> date:
    """The date on the customer's wall."""
    return at.astimezone(ZoneInfo(zone)).date()


def recipient_address(one: SendRequest, person: MessageRecipient | Customer) -> tuple[str, str]:
    """Where a message would go, and the HMAC of it; both empty where there is no usable address."""
    address = (one.address or (person.email if one.channel == MessageChannel.EMAIL else person.phone) or "").strip()
    if one.channel == MessageChannel.EMAIL and not addresses.is_deliverable_address(address):
        address = ""
    return address, addresses.address_digest(one.channel, address)
