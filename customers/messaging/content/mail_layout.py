"""The frame around the body of every mail: brand, why it came, who sent it, how to stop it.

It is rendered once per language, topic and company, with placeholders for what differs from mail to mail.
"""

import html as markup
from dataclasses import dataclass
from functools import lru_cache

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel.company import CompanySettings
from crm.kernel.ui.languages import html_lang
from customers.messaging.choices import MessageTopic
from customers.messaging.rules import UNSOLICITED_PURPOSES

_BODY, _TITLE, _UNSUBSCRIBE, _PREFERENCES = (
    "zqv-body-vqz",
    "zqv-title-vqz",
    "zqv-unsubscribe-vqz",
    "zqv-preferences-vqz",
)


@dataclass(frozen=True)
class MailFrame:
    """What stands around the body, in HTML and at the end of the text part."""

    html: str
    text_end: str

    def around_html(self, inner: str, *, subject: str, token: str) -> str:
        """The whole HTML part."""
        return _with_links(self.html, token).replace(_TITLE, markup.escape(subject)).replace(_BODY, inner)

    def around_text(self, body: str, *, token: str) -> str:
        """The whole text part."""
        return f"{body}\n\n-- \n{_with_links(self.text_end, token)}\n"


def unsubscribe_url(token: str) -> str:
    """The page that unsubscribes: GET asks, POST acts."""
    return f"{settings.SITE_URL}/u/{token}/"


def preferences_url(token: str) -> str:
    """The page on which the customer chooses topics."""
    return f"{settings.SITE_URL}/preferences/{token}/"


def mail_frame(language: str, purpose: str, topic: str, sender: CompanySettings, *, has_agreed: bool) -> MailFrame:
    """The frame of a kind of mail, for recipients who agreed to the topic or were never asked; tokens are URL-safe, so they
    need no escaping."""
    is_unsolicited = purpose in UNSOLICITED_PURPOSES
    return _cached_frame(
        language, topic if is_unsolicited else "", is_unsolicited and has_agreed, sender.name, sender.postal_address
    )


def _with_links(source: str, token: str) -> str:
    return source.replace(_UNSUBSCRIBE, unsubscribe_url(token)).replace(_PREFERENCES, preferences_url(token))


@lru_cache(maxsize=200)
def _cached_frame(language: str, topic: str, has_agreed: bool, name: str, address: str) -> MailFrame:
    with translation.override(language):
        why = receipt_reason_text(name, topic, has_agreed=has_agreed)
        page = render_to_string(
            "mail/customers/layout.html",
            {
                "html_lang": html_lang(language), "company_name": name, "address": address, "why": why, "listed": bool(topic),
                "body": _BODY, "title": _TITLE, "unsubscribe_url": _UNSUBSCRIBE, "preferences_url": _PREFERENCES,
            },
        )  # fmt: skip
        lines = [why, f"{name}, {address}" if address else name]
        if topic:
            lines += [f"{_('Unsubscribe')}: {_UNSUBSCRIBE}", f"{_('Choose what you get')}: {_PREFERENCES}"]
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True)
    return MailFrame(inliner.inline(page), "\n".join(lines))


def receipt_reason_text(name: str, topic: str, *, has_agreed: bool) -> str:
    """The sentence that says why this mail came, in the active language; it claims no consent that nobody gave."""
    if not topic:
        text = _(
            "You get this mail because you are in touch with %(company)s: it belongs to your order, account or question."
        )
        return text % {"company": name}
    if has_agreed:
        text = _("You get this mail because you agreed to hear from %(company)s about this topic: %(topic)s.")
    else:
        text = _(
            "You get this mail because you are a customer of %(company)s, which writes to its customers about this topic"
            " without asking them first: %(topic)s. You can stop it at any time."
        )
    return text % {"company": name, "topic": MessageTopic(topic).label}
