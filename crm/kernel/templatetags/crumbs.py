"""The way to a page: the same line above every title."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from crm.kernel.ui.components import render_component

register = template.Library()


@register.simple_tag
def crumbs(*steps: Any) -> SafeString:
    """Pairs of a page and its name, from the outermost; a page is an address or the name of a route without arguments.

    The page itself is not among them: its `h1` stands right below.
    """
    pages = [
        (page if page.startswith("/") else reverse(page), name)
        for page, name in zip(steps[::2], steps[1::2], strict=True)
    ]
    return render_component("crumbs", pages=pages)
