"""The governor: whether, when or why not a message to a customer may go. Every message, from any app, is decided here.

The rules, in the order in which they are asked; the first that refuses or defers gives the reason.

For every message:
1. No usable address for the channel: dropped (`no_address`).
2. The address is suppressed: dropped with the reason of the suppression, unless `rules.PURPOSES_LET_THROUGH` lets the
   purpose through. Suppression stands above everything that follows, consent included; staff may only force security
   mail through a bounce. Between several reasons the first by name is given.
3. The deadline is over: dropped (`late`).

For care and surveys, which nobody asked for at this moment (`rules.UNSOLICITED_PURPOSES`):
4. The customer is archived: dropped (`archived`).
5. There is no consent: dropped (`no_consent`). What the customer said last counts; where nothing was said, the company's
   default for the channel and topic.
6. The customer is in the global control group: dropped (`control_group`).

When it goes:
7. The channel has no adapter: held (`not_configured`), whatever the hour.
8. Its time has not come: deferred (`not_yet`). Care and surveys that would go in the quiet hours of the customer's own
   time zone: deferred to their end (`quiet_hours`). If that is past the deadline: dropped (`late`).
9. Care and surveys beyond the daily cap of the address: deferred to the next morning (`frequency_cap`). This rule is
   asked last, by `outbox.daily_cap`, because a slot is only given to a message that may otherwise go; a more important
   message takes the slot of a less important one that still waits (`slot_lost`).

When it is asked again: a deferred message when its time comes (`outbox.deferral`, all rules); a claimed one right before
it is handed over (`outbox.preparation`: suppression, deadline, quiet hours, the day of its slot), and suppression once more
in the statement that commits its beginning. Withdrawn consent and new suppressions drop what waits at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crm.kernel import company
from crm.kernel.ui import languages
from customers.messaging import addresses, channels, policy, rules
from customers.messaging.choices import MessageChannel
from customers.messaging.models import Consent, DailySlot, Suppression
from customers.messaging.recipients import MessageRecipient, recipients_by_id
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

    recipient: MessageRecipient | Customer
    address: str
    digest: str


@dataclass(frozen=True)
class SendDecision:
    """The verdict on a message, and what was found out about its recipient on the way."""

    verdict: SendVerdict
    recipient: MessageRecipient | Customer
    address: str
    digest: str
    time_zone: str
    language: str


def decide_send_requests(
    requests: Sequence[SendRequest], at: datetime, addressed: Sequence[AddressedRecipient] | None = None
) -> list[SendDecision]:
    """Decide on many messages in the order given, by all rules but the daily cap. Three queries, two where `addressed` is
    given; `preview_decisions` also says how the cap stands.
    """
    addressed = addressed_recipients(requests) if addressed is None else addressed
    decisions = []
    for (recipient, address, digest), (question, channel_policy) in zip(
        addressed, _decision_inputs(requests, addressed), strict=True
    ):
        verdict = rules.decide_verdict(question, channel_policy, at)
        decisions.append(
            SendDecision(verdict, recipient, address, digest, question.time_zone, recipient_language(recipient))
        )
    return decisions


def refusal_reasons(
    customer_ids: Sequence[int], at: datetime, *, purpose: str, topic: str, channel: str = MessageChannel.EMAIL.value
) -> dict[int, str]:
    """Customers who get no message of this kind at any time, with the reason; the same rules in the same three queries."""
    requests = [SendRequest(pk, purpose, topic, channel) for pk in customer_ids]
    questions = _decision_inputs(requests, addressed_recipients(requests))
    reasons = {
        pk: rules.refusal_reason(question, channel_policy, at)
        for pk, (question, channel_policy) in zip(customer_ids, questions, strict=True)
    }
    return {pk: reason for pk, reason in reasons.items() if reason}


def addressed_recipients(requests: Sequence[SendRequest], known: Customer | None = None) -> list[AddressedRecipient]:
    """Whom each message reaches, and where; one query, or none if all are for the one customer who is known."""
    recipients: dict[int, MessageRecipient] | dict[int, Customer] = (
        {known.pk: known} if known else recipients_by_id([request.customer_id for request in requests])
    )
    return [
        AddressedRecipient(
            recipients[request.customer_id], *recipient_address(request, recipients[request.customer_id])
        )
        for request in requests
    ]


def _decision_inputs(
    requests: Sequence[SendRequest], addressed: Sequence[AddressedRecipient]
) -> Iterator[tuple[rules.DecisionInput, rules.ChannelPolicy]]:
    names = {request.channel for request in requests}
    reasons = suppression_reasons({entry.digest for entry in addressed if entry.digest}, names)
    consents = stated_consents({entry.recipient.pk for entry in addressed}, {request.topic for request in requests})
    policies = {channel: policy.channel_policy(channel) for channel in names}
    configured = {channel: channels.is_channel_configured(channel) for channel in names}
    for request, (recipient, address, digest) in zip(requests, addressed, strict=True):
        question = rules.DecisionInput(
            purpose=request.purpose,
            topic=request.topic,
            address=address,
            time_zone=recipient_zone(recipient),
            suppression_reasons=reasons.get((request.channel, digest), frozenset()),
            consent=consents.get((recipient.pk, request.channel, request.topic)),
            is_archived=recipient.archived_at is not None,
            control_draw=rules.control_group_draw(recipient.pk) if policies[request.channel].control_rate else 1.0,
            forced=request.forced,
            is_configured=configured[request.channel],
            not_before=request.not_before,
            deadline=request.deadline,
        )
        yield question, policies[request.channel]


def preview_decisions(requests: Sequence[SendRequest], at: datetime) -> list[SendDecision]:
    """What would happen now, the daily cap included; nothing is written. Four queries."""
    decisions = decide_send_requests(requests, at)
    days = {local_day(decision.time_zone, at) for decision in decisions}
    slots = DailySlot.objects.filter(day__in=days, digest__in={decision.digest for decision in decisions})
    taken: dict[tuple[str, str, date], int] = {}
    for key in slots.values_list("channel", "digest", "day"):
        taken[key] = taken.get(key, 0) + 1
    return [
        _with_daily_cap(request, decision, taken, at) for request, decision in zip(requests, decisions, strict=True)
    ]


def _with_daily_cap(
    request: SendRequest, decision: SendDecision, taken: dict[tuple[str, str, date], int], at: datetime
) -> SendDecision:
    channel_policy = policy.channel_policy(request.channel)
    day = local_day(decision.time_zone, at)
    if (
        decision.verdict.outcome != "send"
        or request.purpose not in rules.UNSOLICITED_PURPOSES
        or taken.get((request.channel, decision.digest, day), 0) < channel_policy.daily_cap
    ):
        return decision
    morning = rules.next_morning(day, decision.time_zone, channel_policy)
    return replace(decision, verdict=SendVerdict("defer", "frequency_cap", morning))


def suppression_reasons(digests: set[str], channel_names: set[str]) -> dict[tuple[str, str], frozenset[str]]:
    """Reasons by (channel, digest), in one query."""
    reasons: dict[tuple[str, str], set[str]] = {}
    rows = Suppression.objects.filter(channel__in=channel_names, digest__any=digests, lifted_at=None)
    for channel, digest, reason in rows.values_list("channel", "digest", "reason") if digests else ():
        reasons.setdefault((channel, digest), set()).add(reason)
    return {key: frozenset(of_address) for key, of_address in reasons.items()}


def stated_consents(customer_ids: set[int], topics: set[str]) -> dict[tuple[int, str, str], bool]:
    """What customers said about these topics, by (customer, channel, topic), in one query."""
    consents = Consent.objects.filter(customer_id__any=customer_ids, topic__in=topics)
    rows = consents.values_list("customer_id", "channel", "topic", "state")
    return {(pk, channel, topic): state == "given" for pk, channel, topic, state in rows}


def recipient_zone(recipient: MessageRecipient | Customer) -> str:
    """The customer's time zone, else the company's; a name that is no time zone counts as unset."""
    return zone_or_company_default(recipient.time_zone)


def zone_or_company_default(name: str) -> str:
    """A time zone's name if there is such a zone, else the company's zone."""
    return name if name and _is_zone(name) else company.get_company().time_zone


@lru_cache(maxsize=1000)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True


def recipient_language(recipient: MessageRecipient | Customer) -> str:
    """The customer's language, else the company's."""
    return languages.match_language(recipient.language, company.get_company().language)


def local_day(time_zone: str, at: datetime) -> date:
    """The date in a time zone at an instant."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def recipient_address(request: SendRequest, recipient: MessageRecipient | Customer) -> tuple[str, str]:
    """Where a message would go, and the HMAC of it; both empty where there is no usable address."""
    kind = channels.get_channel_kind(request.channel)
    address = (request.address or getattr(recipient, kind.address_field) or "").strip()
    if not kind.is_usable_address(address):
        address = ""
    return address, addresses.address_digest(request.channel, address)
