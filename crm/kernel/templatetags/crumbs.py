"""The way to a page: the same line above every title."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.kernel.templatetags.signs import icon

register = template.Library()


@register.simple_tag
def crumbs(*steps: Any) -> SafeString:
    """Pairs of a page and its name, from the outermost; a page is an address or the name of a route without arguments.

    The page itself is not among them: its `h1` stands right below.
    """
    links = format_html_join(
        "",
        '<a href="{}">{}</a>{}',
        (
            (page if page.startswith("/") else reverse(page), name, icon("chevron-right"))
            for page, name in zip(steps[::2], steps[1::2], strict=True)
        ),
    )
    return format_html('<nav class="eg-crumb" aria-label="{}">{}</nav>', _("Where you are"), links)
