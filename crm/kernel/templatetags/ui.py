"""The `eg-*` parts that need a little arithmetic; `docs/frontend.md` shows each in use."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from crm.kernel.templatetags import crumbs, figures
from crm.kernel.templatetags.signs import icon
from crm.kernel.ui import navigation, svg_geometry
from crm.kernel.ui.components import plain_text, render_cached_component, render_component
from crm.kernel.ui.languages import LANGUAGE_CODES, html_lang

register = template.Library()
register.tags |= figures.register.tags | crumbs.register.tags
register.filters |= figures.register.filters
register.simple_tag(icon)

Context = dict[str, Any]
THEMES, DENSITIES = ("auto", "light", "dark"), ("standard", "compact", "comfortable")
OWN_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


@register.simple_tag
def avatar(name: Any, size: str = "", tone: str | None = None) -> SafeString:
    text = str(name or "")
    classes = " ".join(filter(None, ["eg-avatar", svg_geometry.avatar_hue(text) if tone is None else tone, size]))
    return render_cached_component("avatar", classes=classes, initials=svg_geometry.avatar_initials(text))


@register.simple_tag
def badge(text: Any, tone: str = "", sign: str = "") -> SafeString:
    """tone: good, warn, bad, info, line, or none for a neutral one."""
    return render_cached_component("badge", tone=tone, sign=icon(sign) if sign else "", text=plain_text(text))


@register.simple_tag
def tier(name: Any, ramp: int = 1) -> SafeString:
    return render_cached_component("tier", ramp=str(ramp), name=plain_text(name))


@register.simple_tag(takes_context=True)
def sort_header(context: Context, current: str, key: str, label: str, first: str = "asc") -> SafeString:
    """The link inside a `<th>`; put {% aria_sort page.sort "name" %} on the `<th>` itself."""
    descending, column = current.startswith("-"), current.lstrip("-")
    wanted = key if (column == key and descending) or (column != key and first == "asc") else f"-{key}"
    sign = icon("arrow-down" if descending else "arrow-up") if column == key else ""
    url = query(context, sort=wanted, cursor=None)
    return render_component("sort_header", url=url, swapping=swapping(context, url), label=label, sign=sign)


@register.simple_tag(takes_context=True)
def swapping(context: Context, url: str) -> SafeString:
    """On a link: swap only the region that the view named as `swap`, and keep the address right."""
    if not context.get("swap"):
        return mark_safe("")
    return format_html(' hx-get="{}" hx-target="{}" hx-push-url="true"', url, context["swap"])


@register.simple_tag
def aria_sort(current: str, key: str) -> SafeString:
    if current.lstrip("-") != key:
        return mark_safe('aria-sort="none"')
    return mark_safe('aria-sort="descending"' if current.startswith("-") else 'aria-sort="ascending"')


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The address of this page with some parameters changed; None or "" takes one away."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        params.pop(key, None)
        if value not in (None, ""):
            params[key] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag(takes_context=True)
def without(context: Context, names: Iterable[str]) -> str:
    """The address of this page without some parameters, from its first page."""
    return query(context, **dict.fromkeys([*names, "cursor", "view"]))


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The address of a page that another app may or may not offer."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def places(context: Context) -> dict[str, list[navigation.NavigationPlace]]:
    """The navigation as this person sees it, worked out once per page."""
    request = context["request"]
    if not hasattr(request, "nav_places"):
        request.nav_places = navigation.navigation_places(request.user, request.path)
    found: dict[str, list[navigation.NavigationPlace]] = request.nav_places
    return found


@register.simple_tag(takes_context=True)
def new_actions(context: Context) -> list[navigation.NavigationPlace]:
    return navigation.new_menu_places(context["request"].user)


@register.simple_tag(takes_context=True)
def page_attributes(context: Context, narrow: bool = False) -> SafeString:
    """Theme, density and sidebar on `<html>`, known to the server so that nothing flashes.

    A page that needs the room begins with a narrow sidebar, until its reader says otherwise.
    """
    request: Any = context.get("request")
    user: Any = getattr(request, "user", None)
    cookies: dict[str, str] = request.COOKIES if request else context.get("cookies", {})
    theme = _one_of(getattr(user, "theme", "") or cookies.get("eg_theme"), THEMES)
    return format_html(
        'data-theme="{}" data-bs-theme="{}" data-density="{}" data-sidebar="{}"',
        theme,
        "dark" if theme == "dark" else "light",
        _one_of(getattr(user, "density", "") or cookies.get("eg_density"), DENSITIES),
        "collapsed" if cookies.get("eg_sidebar", "collapsed" if narrow else "") == "collapsed" else "",
    )


def _one_of(value: str | None, choices: tuple[str, ...]) -> str:
    return value if value in choices else choices[0]


@register.simple_tag
def lang_now() -> str:
    """The language of this page, as HTML writes it."""
    return html_lang(get_language() or "en")


@register.simple_tag
def languages() -> list[dict[str, Any]]:
    """The product's languages, each by its own name."""
    now = get_language()
    return [
        {"code": code, "lang": html_lang(code), "name": OWN_NAMES[code], "current": code == now}
        for code in LANGUAGE_CODES
    ]


@register.filter
def labelled(form: Any) -> Any:
    """A library's form without placeholders: they only repeat the labels."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.simple_tag
def errors_are_told(form: Any) -> str:
    """The summary has said what is wrong with the form as a whole; crispy need not say it again."""
    form.errors_are_told = True
    return ""
