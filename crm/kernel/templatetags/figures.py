"""Numbers drawn small: risk, change, trend, bar, interval, heat. `{% load ui %}` brings them too."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.kernel.templatetags.signs import icon
from crm.kernel.ui import svg_geometry

register = template.Library()
ON, OFF = mark_safe('<i class="on"></i>'), mark_safe("<i></i>")


@register.simple_tag
def risk(level: str, text: Any = "", bars: int | None = None) -> SafeString:
    """level: low, mid or high; `text` is what stands beside the bars (a share or a word)."""
    lit = bars if bars is not None else {"low": 1, "mid": 3, "high": 5}[level]
    words = {"low": _("Low risk"), "mid": _("Medium risk"), "high": _("High risk")}
    return format_html(
        '<span class="eg-risk" data-level="{}"><span class="eg-risk-bar" role="img" aria-label="{}">{}</span>'
        ' <span class="eg-num">{}</span></span>',
        level,
        words[level],
        format_html_join("", "{}", ((ON if place < lit else OFF,) for place in range(5))),
        text,
    )


@register.simple_tag(takes_context=True)
def people(context: dict[str, Any], url: str, text: Any, css: str = "eg-num") -> SafeString:
    """A count of everybody: a link to its people for who may list them all, else the number alone."""
    if url and context["sees_all"] and context["may"]["customers_view"]:
        return format_html('<a class="{}" href="{}">{}</a>', css, url, text)
    return format_html('<span class="eg-num">{}</span>', text)


@register.simple_tag
def delta(text: Any, direction: str = "", verdict: str = "") -> SafeString:
    """A change: direction up, down or none; verdict good, bad or none (within the margin: grey)."""
    words = {"up": _("up"), "down": _("down")}
    sign = icon(f"arrow-{direction}", words[direction]) if direction in words else ""
    return format_html('<span class="eg-delta{}">{}{}</span>', f" is-{verdict}" if verdict else "", sign, text)


@register.simple_tag
def sparkline(values: Any) -> SafeString:
    """The way a number came; nothing for fewer than two values."""
    line = svg_geometry.build_sparkline(list(values or []))
    if line is None:
        return mark_safe("<span></span>")
    return format_html(
        '<svg class="eg-spark" viewBox="0 0 76 26" aria-hidden="true">'
        '<path d="{}"/><circle cx="{}" cy="{}" r="2.8"/></svg>',
        line.path,
        line.x,
        line.y,
    )


@register.simple_tag
def meter(value: Any, total: Any, label: str, tone: str = "", css: str = "") -> SafeString:
    """How far: a thin bar; `label` says it in words. tone: warn, bad, tier, mute."""
    return meter_parts([(value, tone)], total, label, css)


@register.simple_tag
def meter_parts(parts: Any, total: Any, label: str, css: str = "") -> SafeString:
    """Several parts in one bar: `parts` is a list of (value, tone)."""
    drawn = svg_geometry.bar_segments([(float(value or 0), tone) for value, tone in parts], float(total or 0))
    rect = '<rect x="{}" width="{}" height="6" class="{}"></rect>'
    return format_html(
        '<svg class="eg-meter {}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        css,
        label,
        format_html_join("", rect, ((each.x, each.width, each.tone) for each in drawn)),
    )


@register.simple_tag
def interval(low: Any, point: Any, high: Any, start: Any, end: Any, label: str = "") -> SafeString:
    """Effect with its interval on the scale start–end that the whole table shares."""
    drawn = svg_geometry.place_interval(float(low), float(point), float(high), float(start), float(end))
    return format_html(
        '<svg class="eg-ci is-short{}" viewBox="0 0 76 22" role="img" aria-label="{}"><path class="zero" d="M{} 1V21"/>'
        '<path class="w" d="M{} 11H{}M{} 8v6M{} 8v6"/><circle class="d" cx="{}" cy="11" r="3.2"/></svg>',
        " sig" if drawn.is_clear else "",
        label or f"{low} – {high}",
        drawn.zero,
        *(drawn.low, drawn.high, drawn.low, drawn.high),
        drawn.point,
    )


@register.filter
def heat(value: Any, span: Any) -> str:
    """`eg-h1…9` for a cell: {{ cell.share|heat:table.span }} with span = (lowest, highest)."""
    step = svg_geometry.heat_step(None if value is None else float(value), float(span[0]), float(span[1]))
    return f"eg-h{step}" if step else ""
