"""The frame of every mail: brand, body, why it came, who sent it, how to stop it. Made once per language and company."""

import html as markup
from dataclasses import dataclass
from functools import lru_cache

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import company
from crm.kernel.languages import html_lang
from customers.messaging.choices import Topic
from customers.messaging.rules import UNASKED

_BODY, _TITLE, _UNSUBSCRIBE, _PREFERENCES = (
    "zqv-body-vqz",
    "zqv-title-vqz",
    "zqv-unsubscribe-vqz",
    "zqv-preferences-vqz",
)


@dataclass(frozen=True)
class Frame:
    """HTML in pieces around the body, and the lines that end the text part."""

    html: str
    text_end: str


def unsubscribe_url(token: str) -> str:
    """Where one click stops it: GET asks, POST acts."""
    return f"{settings.SITE_URL}/u/{token}/"


def preferences_url(token: str) -> str:
    """Where the customer chooses topics."""
    return f"{settings.SITE_URL}/preferences/{token}/"


def html(*, inner: str, subject: str, language: str, purpose: str, topic: str, token: str) -> str:
    """The whole HTML part of a mail."""
    return _filled(_frame_of(language, purpose, topic).html, subject, token, markup.escape).replace(_BODY, inner)


def text(*, body: str, language: str, purpose: str, topic: str, token: str) -> str:
    """The whole text part."""
    return f"{body}\n\n-- \n{_filled(_frame_of(language, purpose, topic).text_end, '', token, str)}\n"


def _filled(source: str, subject: str, token: str, escape) -> str:
    for marker, value in (
        (_TITLE, subject),
        (_UNSUBSCRIBE, unsubscribe_url(token)),
        (_PREFERENCES, preferences_url(token)),
    ):
        source = source.replace(marker, escape(value))
    return source


def _frame_of(language: str, purpose: str, topic: str) -> Frame:
    who = company.get()
    return _frame(language, topic if purpose in UNASKED else "", purpose, who.name, who.postal_address)


@lru_cache(maxsize=200)
def _frame(language: str, topic: str, purpose: str, name: str, address: str) -> Frame:
    with translation.override(language):
        why = reason_for_receipt(name, topic)
        page = render_to_string(
            "mail/customers/layout.html",
            {
                "html_lang": html_lang(language), "company_name": name, "address": address, "why": why, "listed": bool(topic),
                "body": _BODY, "title": _TITLE, "unsubscribe_url": _UNSUBSCRIBE, "preferences_url": _PREFERENCES,
            },
        )  # fmt: skip
        lines = [why, f"{name}, {address}"]
        if topic:
            lines += [f"{_('Unsubscribe')}: {_UNSUBSCRIBE}", f"{_('Choose what you get')}: {_PREFERENCES}"]
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True)
    return Frame(inliner.inline(page), "\n".join(lines))


def reason_for_receipt(name: str, topic: str) -> str:
    """The sentence that says why this mail came; in the language that is active."""
    if topic:
        return _("You get this mail because you agreed to hear from %(company)s about this topic: %(topic)s.") % {
            "company": name,
            "topic": Topic(topic).label,
        }
    return _(
        "You get this mail because you are a customer of %(company)s. It belongs to your order, account or question."
    ) % {"company": name}
