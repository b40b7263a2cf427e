"""What a tier brings, in words that follow from what is set up: nothing is promised that does not exist."""

from collections.abc import Callable, Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import money
from loyalty.points import program_settings
from loyalty.points import selectors as points
from loyalty.points.earning_kinds import registry
from loyalty.tiers.choices import ServiceLevel
from loyalty.tiers.models import Tier

BenefitTexts = dict[int, list[str]]  # by the tier's id
BenefitSource = Callable[[list[Tier]], BenefitTexts]
benefit_sources: list[BenefitSource] = []


def register_benefit_source(source: BenefitSource) -> BenefitSource:
    """From now on tiers also bring what this source says; an upper area that has benefits of its own calls it."""
    benefit_sources.append(source)
    return source


def tier_benefits(tiers: Iterable[Tier]) -> BenefitTexts:
    """Tier id → its benefits in the reader's language, in the order of the sources. A query per source."""
    listed = list(tiers)
    parts = [source(listed) for source in benefit_sources] if listed else []
    return {tier.pk: [text for part in parts for text in part.get(tier.pk, [])] for tier in listed}


@register_benefit_source
def _points_rates(tiers: list[Tier]) -> BenefitTexts:
    """The multiplier of the tier; where it is one, the rates by which orders earn."""
    if not program_settings.loyalty_settings().points_on:
        return {}
    codes = registry.order_kind_codes()
    rules = [rule for rule in points.current_earning_rules() if rule.kind in codes]
    rates = [_("Points: %(rate)s") % {"rate": registry.get_earning_kind(rule.kind).rate_text(rule)} for rule in rules]
    return {tier.pk: rates if tier.multiplier == 1 else [_multiplier_text(tier)] if rates else [] for tier in tiers}


@register_benefit_source
def _service_levels(tiers: list[Tier]) -> BenefitTexts:
    return {
        tier.pk: [str(ServiceLevel(tier.service_level).label)]
        for tier in tiers
        if tier.service_level != ServiceLevel.STANDARD
    }


def _multiplier_text(tier: Tier) -> str:
    return _("%(times)s times the points") % {"times": money.format_number(tier.multiplier, get_language() or "en")}
