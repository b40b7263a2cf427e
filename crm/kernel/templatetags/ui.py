"""The `eg-*` parts that need a little arithmetic; `docs/frontend.md` shows each in use."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import drawing, nav
from crm.kernel.languages import CODES, html_lang

register = template.Library()
THEMES, DENSITIES = ("auto", "light", "dark"), ("standard", "compact", "comfortable")
OWN_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A sign of the sprite; hidden from screen readers unless it says something by itself."""
    says = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="bi{}" {}><use href="{}#{}"></use></svg>', f" {css}" if css else "", says, _sprite(), name)


def _sprite() -> str:
    return static("vendor/icons.svg")


@register.simple_tag
def avatar(name: Any, size: str = "", tone: str | None = None) -> SafeString:
    text = str(name or "")
    classes = " ".join(filter(None, ["eg-avatar", drawing.hue(text) if tone is None else tone, size]))
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, drawing.initials(text))


@register.simple_tag
def badge(text: Any, tone: str = "", sign: str = "") -> SafeString:
    """tone: good, warn, bad, info, line, or none for a neutral one."""
    return format_html('<span class="eg-badge {}">{}{}</span>', tone, icon(sign) if sign else "", text)


@register.simple_tag
def tier(name: Any, ramp: int = 1) -> SafeString:
    return format_html('<span class="eg-tier" data-tier="{}">{}</span>', ramp, name)


@register.simple_tag
def risk(level: str, text: Any = "", bars: int | None = None) -> SafeString:
    """level: low, mid or high; `text` is what stands beside the bars (a share or a word)."""
    lit = bars if bars is not None else {"low": 1, "mid": 3, "high": 5}[level]
    cells = format_html_join("", "<i{}></i>", ((mark_safe(' class="on"') if place < lit else "",) for place in range(5)))
    words = {"low": _("Low risk"), "mid": _("Medium risk"), "high": _("High risk")}
    return format_html(
        '<span class="eg-risk" data-level="{}"><span class="eg-risk-bar" role="img" aria-label="{}">{}</span> <span class="eg-num">{}</span></span>',
        level, words[level], cells, text,
    )


@register.simple_tag
def delta(text: Any, direction: str = "", verdict: str = "") -> SafeString:
    """A change: direction up, down or none; verdict good, bad or none (within the margin: grey)."""
    sign = icon(f"arrow-{direction}", _("up") if direction == "up" else _("down")) if direction in ("up", "down") else ""
    return format_html('<span class="eg-delta{}">{}{}</span>', f" is-{verdict}" if verdict else "", sign, text)


@register.simple_tag
def sparkline(values: Any) -> SafeString:
    line = drawing.spark(list(values or []))
    if line is None:
        return mark_safe("<span></span>")
    return format_html(
        '<svg class="eg-spark" viewBox="0 0 76 26" aria-hidden="true"><path d="{}"/><circle cx="{}" cy="{}" r="2.8"/></svg>',
        line.path, line.x, line.y,
    )


@register.simple_tag
def meter(value: Any, total: Any, label: str, tone: str = "", css: str = "") -> SafeString:
    """How far: a thin bar; `label` says it in words. tone: warn, bad, tier, mute."""
    return meter_parts([(value, tone)], total, label, css)


@register.simple_tag
def meter_parts(parts: Any, total: Any, label: str, css: str = "") -> SafeString:
    """Several parts in one bar: `parts` is a list of (value, tone)."""
    drawn = drawing.segments([(float(value or 0), tone) for value, tone in parts], float(total or 0))
    bars = format_html_join("", '<rect x="{}" width="{}" height="6" class="{}"></rect>', ((s.x, s.width, s.tone) for s in drawn))
    return format_html(
        '<svg class="eg-meter {}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>', css, label, bars
    )


@register.simple_tag
def interval(low: Any, point: Any, high: Any, start: Any, end: Any, label: str = "", css: str = "is-short") -> SafeString:
    """Effect with its interval on the scale start–end that the whole table shares."""
    drawn = drawing.interval(float(low), float(point), float(high), float(start), float(end))
    return format_html(
        '<svg class="eg-ci{} {}" viewBox="0 0 76 22" role="img" aria-label="{}"><path class="zero" d="M{} 1V21"/>'
        '<path class="w" d="M{} 11H{}M{} 8v6M{} 8v6"/><circle class="d" cx="{}" cy="11" r="3.2"/></svg>',
        " sig" if drawn.is_clear else "", css, label or f"{low} – {high}",
        drawn.zero, drawn.low, drawn.high, drawn.low, drawn.high, drawn.point,
    )


@register.filter
def heat(value: Any, span: Any) -> str:
    """`eg-h1…9` for a cell: {{ cell.share|heat:table.span }} with span = (lowest, highest)."""
    step = drawing.heat(None if value is None else float(value), float(span[0]), float(span[1]))
    return f"eg-h{step}" if step else ""


@register.simple_tag(takes_context=True)
def sort_header(context: dict, current: str, key: str, label: str, first: str = "asc") -> SafeString:
    """The link inside a `<th>`; put {% aria_sort page.sort "name" %} on the `<th>` itself."""
    descending, column = current.startswith("-"), current.lstrip("-")
    wanted = key if (column == key and descending) or (column != key and first == "asc") else f"-{key}"
    sign = icon("arrow-down" if descending else "arrow-up") if column == key else ""
    return format_html('<a class="eg-sort" href="{}">{} {}</a>', query(context, sort=wanted, cursor=None), label, sign)


@register.simple_tag
def aria_sort(current: str, key: str) -> SafeString:
    if current.lstrip("-") != key:
        return mark_safe('aria-sort="none"')
    return mark_safe('aria-sort="descending"' if current.startswith("-") else 'aria-sort="ascending"')


@register.simple_tag(takes_context=True)
def query(context: dict, **changes: Any) -> str:
    """The address of this page with some parameters changed; None or "" takes one away."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        params.pop(key, None)
        if value not in (None, ""):
            params[key] = str(value)
    return "?" + params.urlencode()


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The address of a page that another app may or may not offer."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def places(context: dict) -> dict[str, list[nav.Place]]:
    """The navigation as this person sees it, worked out once per page."""
    request = context["request"]
    if not hasattr(request, "_nav_places"):
        request._nav_places = nav.places(request.user, request.path)
    return request._nav_places


@register.simple_tag(takes_context=True)
def new_actions(context: dict) -> list[nav.Place]:
    return nav.new(context["request"].user)


@register.simple_tag(takes_context=True)
def page_attributes(context: dict) -> SafeString:
    """Language, theme, density and sidebar on `<html>`, known to the server so that nothing flashes."""
    request = context.get("request")
    user, cookies = getattr(request, "user", None), getattr(request, "COOKIES", context.get("cookies", {}))
    theme = _one_of(getattr(user, "theme", "") or cookies.get("eg_theme"), THEMES)
    return format_html(
        'lang="{}" data-theme="{}" data-bs-theme="{}" data-density="{}" data-sidebar="{}"',
        html_lang(get_language() or "en"), theme, "dark" if theme == "dark" else "light",
        _one_of(getattr(user, "density", "") or cookies.get("eg_density"), DENSITIES),
        "collapsed" if cookies.get("eg_sidebar") == "collapsed" else "",
    )


def _one_of(value: str | None, choices: tuple[str, ...]) -> str:
    return value if value in choices else choices[0]


@register.simple_tag
def languages() -> list[dict[str, Any]]:
    """The product's languages, each by its own name."""
    now = get_language()
    return [{"code": code, "lang": html_lang(code), "name": OWN_NAMES[code], "current": code == now} for code in CODES]


@register.filter
def labelled(form: Any) -> Any:
    """A library's form without placeholders: they only repeat the labels."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
