"""Numbers drawn small: risk, change, trend, bar, interval, heat. `{% load ui %}` brings them too."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.kernel.templatetags.signs import icon
from crm.kernel.ui import svg_geometry
from crm.kernel.ui.components import plain_text, render_cached_component, render_component

register = template.Library()
LIT_BARS = {"low": 1, "mid": 3, "high": 5}


@register.simple_tag
def risk(level: str, text: Any = "", bars: int | None = None) -> SafeString:
    """level: low, mid or high; `text` is what stands beside the bars (a share or a word)."""
    labels = {"low": _("Low risk"), "mid": _("Medium risk"), "high": _("High risk")}
    lit = LIT_BARS[level] if bars is None else bars
    return render_cached_component("risk", level=level, label=labels[level], lit="12345"[:lit], text=plain_text(text))


@register.simple_tag(takes_context=True)
def customers_link(context: dict[str, Any], url: str, text: Any, css: str = "eg-num") -> SafeString:
    """A count of customers: a link to them for who may list them all, else the number alone."""
    is_open = bool(url) and context["sees_all"] and context["may"]["customers_view"]
    return render_component("customers_link", url=url if is_open else "", text=text, css=css)


@register.simple_tag
def delta(text: Any, direction: str = "", verdict: str = "") -> SafeString:
    """A change: direction up, down or none; verdict good, bad or none (within the margin: grey)."""
    labels = {"up": _("up"), "down": _("down")}
    sign = icon(f"arrow-{direction}", labels[direction]) if direction in labels else ""
    return render_component("delta", sign=sign, text=text, verdict=verdict)


@register.simple_tag
def sparkline(values: Any) -> SafeString:
    """The way a number came; nothing for fewer than two values."""
    return render_component("sparkline", line=svg_geometry.build_sparkline(list(values or [])))


@register.simple_tag
def meter(value: Any, total: Any, label: str, tone: str = "", css: str = "") -> SafeString:
    """How far: a thin bar; `label` says it in words. tone: warn, bad, tier, mute."""
    return meter_parts([(value, tone)], total, label, css)


@register.simple_tag
def meter_parts(parts: Any, total: Any, label: str, css: str = "") -> SafeString:
    """Several parts in one bar: `parts` is a list of (value, tone)."""
    segments = svg_geometry.bar_segments([(float(value or 0), tone) for value, tone in parts], float(total or 0))
    return render_component("meter", segments=segments, label=label, css=css)


@register.simple_tag
def interval(low: Any, point: Any, high: Any, start: Any, end: Any, label: str = "") -> SafeString:
    """Effect with its interval on the scale start–end that the whole table shares."""
    shape = svg_geometry.place_interval(float(low), float(point), float(high), float(start), float(end))
    return render_component("interval", shape=shape, label=label or f"{low} – {high}")


@register.filter
def heat(value: Any, span: Any) -> str:
    """`eg-h1…9` for a cell: {{ cell.share|heat:table.span }} with span = (lowest, highest)."""
    step = svg_geometry.heat_step(None if value is None else float(value), float(span[0]), float(span[1]))
    return f"eg-h{step}" if step else ""
