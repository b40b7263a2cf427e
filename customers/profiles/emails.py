"""E-mail addresses: which ones mail can reach. The domain may be written in any script (IDN)."""

import re
from functools import lru_cache

import idna
from django.utils.translation import gettext as _

from crm.kernel import plain_text

LONGEST_ADDRESS, LONGEST_LOCAL_PART = 254, 64  # RFC 5321
# What nearly every address is made of; it is judged in a microsecond, and a file brings a hundred thousand of them.
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9]{1,63}\.)+[A-Za-z]{2,63}", re.ASCII)
_ATOM = r"[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+"
_LOCAL_PART = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])+"')
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")


class BadEmail(ValueError):
    """The text is no address that mail can reach; the message says why."""


class HiddenCharacter(BadEmail):
    """An invisible character stands inside of the address."""


def parse_email(text: str) -> str:
    """The address as given, without what cannot be seen at its edges. Refused: BadEmail.

    Refused are addresses without a domain of the internet (`a@localhost`, `a@[10.0.0.1]`), a name before the @ of more
    than 64 letters, and invisible characters inside.
    """
    address = plain_text.trim_text(text)
    local, at, domain = address.rpartition("@")
    if len(address) > LONGEST_ADDRESS or len(local) > LONGEST_LOCAL_PART:
        raise BadEmail(_("%(value)s is too long for an e-mail address") % {"value": shorten(address)})
    if PLAIN_ADDRESS.fullmatch(address) and len(domain) < LONGEST_ADDRESS:
        return address
    if plain_text.has_hidden_character(address):
        raise HiddenCharacter(_("%(value)s has an invisible character inside") % {"value": address})
    if not at or not _LOCAL_PART.fullmatch(local) or not _is_domain(domain):
        raise BadEmail(_("%(value)s is no e-mail address") % {"value": address})
    return address


def shorten(text: str) -> str:
    """The text as a reason may quote it."""
    return text if len(text) <= 80 else f"{text[:79]}…"


@lru_cache(maxsize=1000)
def _is_domain(domain: str) -> bool:
    """Whether the internet may know the domain: at least two labels, the last one no number."""
    try:
        ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        return False
    return len(ascii_domain) < LONGEST_ADDRESS and _DOMAIN.fullmatch(ascii_domain.lower()) is not None
