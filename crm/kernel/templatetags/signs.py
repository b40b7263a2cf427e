"""Signs of the sprite, for tags of every kind."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A sign of the sprite; hidden from screen readers unless it says something by itself."""
    says = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    classes = f"bi {css}".strip()
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, says, static("vendor/icons.svg"), name
    )
