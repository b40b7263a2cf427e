"""The five tiles: each says its number, its change, n, and opens the people behind it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel import money
from feedback.surveys import rules as scores
from retention.metrics.rules import Figures, change, points
from retention.metrics.trend import Point
from retention.metrics.windows import Window
from retention.reports.drilldown import Links

FEW = 30
UNDEFINED = "–"


@dataclass(frozen=True)
class Tile:
    """What `components/kpi.html` shows."""

    label: str
    value: str
    unit: str
    url: str
    meaning: str
    trend: list[float]
    change: str
    direction: str
    verdict: str
    note: str
    detail: str
    few: bool = False


@dataclass(frozen=True)
class Inputs:
    """The period, the one before, and their figures; `value` and `nps` are (now, before)."""

    window: Window
    before: Window
    now: Figures
    then: Figures
    value: tuple[tuple[Decimal | None, int], tuple[Decimal | None, int]]
    nps: tuple[Any, Any]
    trend: list[Point]
    currency: str
    language: str
    links: Links


def build(given: Inputs) -> list[Tile]:
    """Retention, churn, repeat-purchase rate, lifetime value, NPS."""
    return [_retention(given), _churn(given), _repeat(given), _value(given), _nps(given)]


def _retention(given: Inputs) -> Tile:
    bridge = given.now.bridge
    rates = [float(p.retained / p.active_start) for p in given.trend if p.active_start]
    meaning = _(
        "Of the customers active on the first day, the share still active after the last."
        " New and won-back ones are left out."
    )
    detail = _("%(n)s of %(all)s kept") % {
        "n": _count(bridge.retained, given),
        "all": _count(bridge.active_start, given),
    }
    url = given.links.group("retained", given.window)
    return _rate(
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


def _churn(given: Inputs) -> Tile:
    bridge = given.now.bridge
    rates = [float(p.lost / p.active_start) for p in given.trend if p.active_start]
    detail = _("%(n)s of %(all)s lost") % {"n": _count(bridge.lost, given), "all": _count(bridge.active_start, given)}
    url = given.links.group("lost", given.window)
    return _rate(
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


def _repeat(given: Inputs) -> Tile:
    bought = given.now.purchases
    meaning = _("Customers with two or more orders in the period, of all who ordered in it.")
    detail = _("%(n)s of %(all)s buyers") % {
        "n": _count(bought.repeat_buyers, given),
        "all": _count(bought.buyers, given),
    }
    url = given.links.group("repeat_buyers", given.window)
    return _rate(
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


def _rate(
    label: str,
    now: Decimal | None,
    before: Decimal | None,
    good: int,
    url: str,
    meaning: str,
    trend: list[float],
    detail: str,
    n: int,
    given: Inputs,
) -> Tile:
    moved = points(now, before)
    note = (
        _("from %(rate)s") % {"rate": money.percent(before, given.language)}
        if before is not None
        else _("no earlier figure")
    )
    return Tile(
        label=label,
        value=UNDEFINED if now is None else money.percent(now, given.language).rstrip("%"),
        unit="" if now is None else "%",
        url="" if now is None else url,
        meaning=meaning,
        trend=trend,
        change=_("%(n)s pt") % {"n": f"{abs(moved):.1f}"} if moved is not None else "",
        direction=_direction(moved),
        verdict=_verdict(moved, good),
        note=note,
        detail=detail,
        few=n < FEW,
    )


def _value(given: Inputs) -> Tile:
    (mean, n), (before, _n) = given.value
    moved = change(mean, before)
    written = money.write(mean, given.currency, given.language, whole=True) if mean is not None else UNDEFINED
    return Tile(
        label=_("Lifetime value so far"),
        value=written,
        unit="",
        url=given.links.group("active_end", given.window) if n else "",
        meaning=_("Mean of all purchases so far, net of refunds and discounts, of the customers active at the end."),
        trend=[],
        change=money.percent(abs(moved), given.language) if moved is not None else "",
        direction=_direction(moved),
        verdict=_verdict(moved, 1),
        note=_("from %(amount)s") % {"amount": money.write(before, given.currency, given.language, whole=True)}
        if before
        else "",
        detail=_("mean of %(n)s active") % {"n": _count(n, given)},
        few=n < FEW,
    )


def _nps(given: Inputs) -> Tile:
    score, before = given.nps
    within = score.value is None or before.value is None or not (score.low > before.value or score.high < before.value)
    written, earlier, low, high = (
        None if each is None else scores.rounded(each) for each in (score.value, before.value, score.low, score.high)
    )
    moved = None if written is None or earlier is None else written - earlier
    interval = f", {low:+} … {high:+}" if written is not None else ""
    return Tile(
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
        detail=_("%(n)s answers") % {"n": _count(score.n, given)} + interval,
        few=score.n < FEW,
    )


def _direction(moved: Decimal | None) -> str:
    return "" if not moved else "up" if moved > 0 else "down"


def _verdict(moved: Decimal | None, good: int) -> str:
    return "" if not moved else "good" if moved * good > 0 else "bad"


def _count(value: int, given: Inputs) -> str:
    return money.number(value, given.language)
