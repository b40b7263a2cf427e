"""Signs of the sprite, for tags of every kind."""

from django.templatetags.static import static
from django.utils.safestring import SafeString

from crm.kernel.ui.components import plain_text, render_cached_component


def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A sign of the sprite; hidden from screen readers unless it says something by itself."""
    classes = f"bi {css}".strip()
    return render_cached_component(
        "icon", classes=classes, label=plain_text(label), address=f"{static('vendor/icons.svg')}#{name}"
    )
