"""Tiers rise at once and fall only at the end of a term; every change is a grant and a fact for the lower apps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from crm.kernel.time import periods
from customers.profiles import facts, timeline
from customers.profiles.models import Customer
from loyalty.points import program_settings
from loyalty.tiers import rules, selectors
from loyalty.tiers.choices import GrantReason, ServiceLevel
from loyalty.tiers.events import TierLowered, TierReached
from loyalty.tiers.models import Tier, TierGrant
from loyalty.tiers.selectors import WindowSpend

REVIEWS_PER_CHUNK = 5_000
# What ticket priority reads: 0 for everybody, 1 preferred, 2 first.
SERVICE_RANK = {level: rank for rank, level in enumerate(ServiceLevel.values)}
TIER_FACTS = ("tier", "service_level")
TIER_NAMES_KEY = "tiers:shown"  # the cache key of the tiers' names


class BadThresholds(Exception):
    """A tier would need no more spend than the one below it; the message names both."""


@dataclass(frozen=True)
class TierMove:
    """The tier that a customer gets, and why."""

    customer_id: int
    tier: Tier
    reason: str
    metric: Decimal
    ends_on: date | None
    note: str = ""
    by: User | None = None


@transaction.atomic(savepoint=False)
def raise_tiers(
    *, customer_ids: Iterable[int], at: datetime, live: bool = True, until: Mapping[int, datetime] | None = None
) -> int:
    """Give customers whose spend reached a threshold the higher tier at once, newcomers the lowest; returns how many.

    `until` counts a customer's orders only up to an instant. The caller holds the customers' locks. One statement if
    nobody rises, a handful however many do.
    """
    if not program_settings.loyalty_settings().tiers_on:
        return 0
    rising = selectors.customers_to_raise(customer_ids, at, until or {})
    if not rising:
        return 0
    ladder, ends_on = selectors.tiers_by_rank(), _end_of_term(at)
    tiers, bands = {tier.pk: tier for tier in ladder}, [tier.band for tier in ladder]
    moves = []
    for customer_id, spend, rank in rising:
        if band := rules.band_to_rise_to(rank, spend, bands):
            reason = GrantReason.REACHED if band.rank > ladder[0].rank else GrantReason.JOINED
            tier = tiers[band.id]
            moves.append(TierMove(customer_id, tier, reason, spend, ends_on if tier.enter_at > 0 else None))
    _write_grants(moves, at, live)
    return len(moves)


def review_tiers(at: datetime) -> int:
    """Decide about terms that ended, with their days of grace, before today: keep or lower the tier.

    Works in chunks and can be started again. Returns how many terms were reviewed. While tiers are off it decides
    nothing and takes their facts away, so that nobody is served by a tier; when they are on again, it brings them back.
    """
    if not program_settings.loyalty_settings().tiers_on:
        for kind in TIER_FACTS:
            facts.clear_all_facts(kind)
        return 0
    while grants := selectors.grants_without_fact(REVIEWS_PER_CHUNK):
        _push_tier_facts({grant.customer_id: grant.tier for grant in grants}, at)
    zone = program_settings.program_time_zone()
    last_day = at.astimezone(ZoneInfo(zone)).date() - timedelta(days=program_settings.loyalty_settings().grace_days + 1)
    reviewed = 0
    while count := _review_chunk(last_day, at):
        reviewed += count
    return reviewed


@transaction.atomic
def set_tier(*, customer: Customer, tier: Tier, until: date, reason: str, by: User, at: datetime) -> TierGrant:
    """Give a customer a tier by hand until a day, with a reason; after that day the nightly review decides."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    spend = selectors.customer_spends([customer.pk], at).get(customer.pk, WindowSpend()).amount
    _write_grants([TierMove(customer.pk, tier, GrantReason.MANUAL, spend, until, reason, by)], at, live=True)
    audit.record_audit_entry(
        "tier.set", customer, by=by, after={"tier": tier.code, "until": until.isoformat(), "reason": reason}
    )
    return TierGrant.objects.get(customer=customer, ended_at=None)


@transaction.atomic
def change_tier(*, tier: Tier, changes: Mapping[str, Any], by: User) -> Tier:
    """Change thresholds, multiplier, names or service; holders keep the tier until their review. Refused: BadThresholds."""
    tier = Tier.objects.select_for_update(no_key=True).get(pk=tier.pk)
    before = {name: str(getattr(tier, name)) for name in changes}
    for name, value in changes.items():
        setattr(tier, name, value)
    for lower, upper in zip(ladder := _tiers_with(tier), ladder[1:], strict=False):
        if lower.enter_at >= upper.enter_at:
            raise BadThresholds(
                _("%(upper)s must need more spend than %(lower)s.") % {"upper": upper.name, "lower": lower.name}
            )
    tier.save()
    transaction.on_commit(lambda: cache.delete(TIER_NAMES_KEY))
    audit.record_audit_entry(
        "tier.changed", tier, by=by, before=before, after={name: str(value) for name, value in changes.items()}
    )
    return tier


def _tiers_with(changed: Tier) -> list[Tier]:
    return [changed if tier.pk == changed.pk else tier for tier in selectors.tiers_by_rank()]


@transaction.atomic
def _review_chunk(last_day: date, at: datetime) -> int:
    due_grants = TierGrant.objects.filter(ended_at=None, term_ends_on__lte=last_day).order_by("customer_id")
    grants = list(
        due_grants.select_related("tier").select_for_update(no_key=True, of=("self",), skip_locked=True)[
            :REVIEWS_PER_CHUNK
        ]
    )
    ladder = selectors.tiers_by_rank()
    tiers = {tier.pk: tier for tier in ladder}
    spent, ends_on = selectors.customer_spends([grant.customer_id for grant in grants], at), _end_of_term(at)
    moves = []
    for grant in grants:
        spend = spent.get(grant.customer_id, WindowSpend()).amount
        band = rules.band_at_term_end(grant.tier.rank, spend, [tier.band for tier in ladder])
        reason = GrantReason.KEPT if band.id == grant.tier_id else GrantReason.LOWERED
        tier = tiers[band.id]
        moves.append(TierMove(grant.customer_id, tier, reason, spend, ends_on if tier.enter_at > 0 else None))
    _write_grants(moves, at, live=True)
    return len(grants)


def _end_of_term(at: datetime) -> date:
    """The last day of the month in which a term that begins now is over."""
    today = at.astimezone(ZoneInfo(program_settings.program_time_zone())).date()
    month = periods.first_of_month(periods.add_months(today, program_settings.loyalty_settings().tier_months))
    return periods.add_months(month, 1) - timedelta(days=1)


def _write_grants(moves: list[TierMove], at: datetime, live: bool) -> None:
    """End the present grants, write the new ones with facts and timeline, and announce them."""
    if not moves:
        return
    ids = [move.customer_id for move in moves]
    TierGrant.objects.filter(customer__any=ids, ended_at=None).update(ended_at=at)
    sql_rows.create_instances(
        TierGrant(
            customer_id=move.customer_id, tier=move.tier, reason=move.reason, granted_at=at, term_ends_on=move.ends_on, metric=move.metric,
            note=move.note, by=move.by,
        )
        for move in moves
    )  # fmt: skip
    _push_tier_facts({move.customer_id: move.tier for move in moves}, at)
    timeline.write_timeline(
        timeline.NewTimelineEntry(
            move.customer_id,
            f"tier_{move.reason}",
            at,
            {"names": move.tier.names, "text": move.note},
            "tier",
            move.tier.code,
            move.by.pk if move.by else None,
        )
        for move in moves
        if move.reason != GrantReason.JOINED
    )
    _announce_moves(TierReached, [move for move in moves if move.reason == GrantReason.REACHED], at, live)
    _announce_moves(TierLowered, [move for move in moves if move.reason == GrantReason.LOWERED], at, live)


def _push_tier_facts(tiers: Mapping[int, Tier], at: datetime) -> None:
    """Tell the lower apps which tier each customer holds and how it is served."""
    facts.push_facts("tier", {customer_id: (tier.code, tier.rank) for customer_id, tier in tiers.items()}, at)
    levels = {customer_id: tier.service_level for customer_id, tier in tiers.items()}
    facts.push_facts("service_level", {pk: (level, SERVICE_RANK[level]) for pk, level in levels.items()}, at)


def _announce_moves(
    event_type: type[TierReached] | type[TierLowered], moves: list[TierMove], at: datetime, live: bool
) -> None:
    tiers = {str(move.customer_id): move.tier.code for move in moves}
    events.announce_event(event_type(ids=[move.customer_id for move in moves], live=live, at=at, tiers=tiers))
