"""A reference makes a call once: the same again gets the first result, with other content it is refused."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class ReferenceConflict(Exception):
    """The reference stands for something else; the message says for what, and what it comes with now."""

    def __init__(self, first: str, now: str) -> None:
        super().__init__(
            _("This reference was used for %(first)s; now it comes with %(now)s.") % {"first": first, "now": now}
        )


def spend_text(points: int, order_ref: str = "") -> str:
    """Points that were spent, in words: `1,200 points (shop:B-1)`."""
    text = ngettext("%(count)s point", "%(count)s points", points) % {"count": f"{points:,}"}
    return f"{text} ({order_ref})" if order_ref else text
