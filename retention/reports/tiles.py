"""The key figures of the dashboard: each says its number, its change, n, and opens the people behind it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.ui.key_figures import KeyFigure
from feedback.surveys import rules as scores
from retention.metrics.rules import PurchaseFigures, WindowFigures, percentage_point_change, relative_change
from retention.metrics.trend import TrendPoint
from retention.metrics.windows import MetricWindow
from retention.reports.drilldown import DrilldownLinks

FEW_CUSTOMERS = 30
UNDEFINED = "–"


@dataclass(frozen=True)
class TileInputs:
    """The period, the one before, and their figures; `value` and `nps` are (now, before)."""

    window: MetricWindow
    before: MetricWindow
    now: WindowFigures
    then: WindowFigures
    value: tuple[tuple[Decimal | None, int], tuple[Decimal | None, int]]
    nps: tuple[Any, Any]
    trend: list[TrendPoint]
    currency: str
    language: str
    links: DrilldownLinks


def build_tiles(given: TileInputs) -> list[KeyFigure]:
    """Retention, churn, repeat-purchase rate, lifetime value, NPS."""
    return [
        _retention_tile(given),
        _churn_tile(given),
        _repeat_purchase_tile(given),
        _lifetime_value_tile(given),
        _nps_tile(given),
    ]


def purchase_figures(bought: PurchaseFigures, currency: str, language: str, buyers_url: str) -> list[KeyFigure]:
    """Buyers, orders, orders per buyer, average order, net revenue; a dash where nobody bought."""
    frequency, average = bought.frequency, bought.average_order
    return [
        KeyFigure(_("Buyers"), money.format_number(bought.buyers, language), url=buyers_url),
        KeyFigure(_("Orders"), money.format_number(bought.orders, language)),
        KeyFigure(_("Orders per buyer"), UNDEFINED if frequency is None else floatformat(frequency, 2)),
        KeyFigure(
            _("Average order"), UNDEFINED if average is None else money.format_money(average, currency, language)
        ),
        KeyFigure(_("Net revenue"), money.format_money(bought.net_revenue, currency, language, whole=True)),
    ]


def _retention_tile(given: TileInputs) -> KeyFigure:
    bridge = given.now.bridge
    rates = [float(p.retained / p.active_start) for p in given.trend if p.active_start]
    meaning = _(
        "Of the customers active on the first day, the share still active after the last."
        " New and won-back ones are left out."
    )
    detail = _("%(n)s of %(all)s kept") % {
        "n": _format_count(bridge.retained, given),
        "all": _format_count(bridge.active_start, given),
    }
    url = given.links.group("retained", given.window)
    return _rate_tile(
        _("Customer retention rate"),
        bridge.retention,
        given.then.bridge.retention,
        1,
        url,
        meaning,
        rates,
        detail,
        bridge.active_start,
        given,
    )


def _churn_tile(given: TileInputs) -> KeyFigure:
    bridge = given.now.bridge
    rates = [float(p.lost / p.active_start) for p in given.trend if p.active_start]
    detail = _("%(n)s of %(all)s lost") % {
        "n": _format_count(bridge.lost, given),
        "all": _format_count(bridge.active_start, given),
    }
    url = given.links.group("lost", given.window)
    return _rate_tile(
        _("Churn rate"),
        bridge.churn,
        given.then.bridge.churn,
        -1,
        url,
        _("100% less the retention rate."),
        rates,
        detail,
        bridge.active_start,
        given,
    )


def _repeat_purchase_tile(given: TileInputs) -> KeyFigure:
    bought = given.now.purchases
    meaning = _("Customers with two or more orders in the period, of all who ordered in it.")
    detail = _("%(n)s of %(all)s buyers") % {
        "n": _format_count(bought.repeat_buyers, given),
        "all": _format_count(bought.buyers, given),
    }
    url = given.links.group("repeat_buyers", given.window)
    return _rate_tile(
        _("Repeat-purchase rate"),
        bought.repeat_rate,
        given.then.purchases.repeat_rate,
        1,
        url,
        meaning,
        [],
        detail,
        bought.buyers,
        given,
    )


def _rate_tile(
    label: str,
    now: Decimal | None,
    before: Decimal | None,
    good: int,
    url: str,
    meaning: str,
    trend: list[float],
    detail: str,
    n: int,
    given: TileInputs,
) -> KeyFigure:
    moved = percentage_point_change(now, before)
    note = (
        _("from %(rate)s") % {"rate": money.format_rate(before, given.language)}
        if before is not None
        else _("no earlier figure")
    )
    return KeyFigure(
        label=label,
        value=UNDEFINED if now is None else money.format_rate(now, given.language).rstrip("%"),
        unit="" if now is None else "%",
        url="" if now is None else url,
        meaning=meaning,
        trend=trend,
        change=_("%(n)s pt") % {"n": f"{abs(moved):.1f}"} if moved is not None else "",
        direction=_direction(moved),
        verdict=_verdict(moved, good),
        note=note,
        detail=detail,
        few=n < FEW_CUSTOMERS,
    )


def _lifetime_value_tile(given: TileInputs) -> KeyFigure:
    (mean, n), (before, _n) = given.value
    moved = relative_change(mean, before)
    written = money.format_money(mean, given.currency, given.language, whole=True) if mean is not None else UNDEFINED
    return KeyFigure(
        label=_("Lifetime value so far"),
        value=written,
        unit="",
        url=given.links.group("active_end", given.window) if n else "",
        meaning=_("Mean of all purchases so far, net of refunds and discounts, of the customers active at the end."),
        trend=[],
        change=money.format_rate(abs(moved), given.language) if moved is not None else "",
        direction=_direction(moved),
        verdict=_verdict(moved, 1),
        note=_("from %(amount)s") % {"amount": money.format_money(before, given.currency, given.language, whole=True)}
        if before
        else "",
        detail=_("mean of %(n)s active") % {"n": _format_count(n, given)},
        few=n < FEW_CUSTOMERS,
    )


def _nps_tile(given: TileInputs) -> KeyFigure:
    score, before = given.nps
    within = score.value is None or before.value is None or not (score.low > before.value or score.high < before.value)
    written, earlier, low, high = (
        None if each is None else scores.round_score(each)
        for each in (score.value, before.value, score.low, score.high)
    )
    moved = None if written is None or earlier is None else written - earlier
    interval = f", {low:+} … {high:+}" if written is not None else ""
    return KeyFigure(
        label=_("NPS"),
        value=UNDEFINED if written is None else f"{written:+}",
        unit="",
        url=given.links.nps(given.window) if score.n else "",
        meaning=_("Promoters (9–10) less detractors (0–6), in points; everybody counts once, with the latest answer."),
        trend=[],
        change="" if moved is None else f"{abs(moved)}" if moved else _("unchanged"),
        direction=_direction(moved),
        verdict="" if within else _verdict(moved, 1),
        note=_("from %(score)s") % {"score": f"{earlier:+}"} if moved else "",
        detail=_("%(n)s answers") % {"n": _format_count(score.n, given)} + interval,
        few=score.n < FEW_CUSTOMERS,
    )


def _direction(moved: Decimal | None) -> str:
    return "" if not moved else "up" if moved > 0 else "down"


def _verdict(moved: Decimal | None, good: int) -> str:
    return "" if not moved else "good" if moved * good > 0 else "bad"


def _format_count(value: int, given: TileInputs) -> str:
    return money.format_number(value, given.language)
