"""Addresses in one canonical form, and the HMAC that stands for them where the address itself must not be stored."""

import hmac
import re
import unicodedata
from functools import lru_cache

import idna
from django.conf import settings

from crm.kernel.audit.masking import mask_text
from customers.messaging.choices import MessageChannel

_ENDS_COMMAND = re.compile(r"[\s\x00-\x20<>]")


def canonical_address(channel: str, address: str) -> str:
    """Trimmed, compatibility-normalised and casefolded; the domain as ASCII (IDN); a phone as + and its digits."""
    text = (address if address.isascii() else unicodedata.normalize("NFKC", address)).strip().casefold()
    if channel != MessageChannel.EMAIL:
        digits = "".join(character for character in text if character.isdigit())
        return f"+{digits}" if digits else ""
    local, at, domain = text.rpartition("@")
    return f"{local}@{_ascii_domain(domain)}" if at else text


@lru_cache(maxsize=10_000)
def _ascii_domain(domain: str) -> str:
    domain = domain.strip().rstrip(".")
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def address_digest(channel: str, address: str) -> str:
    """The HMAC of the canonical address; its key outlives every change of SECRET_KEY. Empty for no address."""
    plain = canonical_address(channel, address) if address else ""
    return hmac.digest(settings.ADDRESS_KEY.encode(), f"{channel}:{plain}".encode(), "sha256").hex() if plain else ""


def address_hint(channel: str, address: str) -> str:
    """Enough for staff to recognise an address that they know: `l•••(12)@example.com`."""
    local, at, domain = canonical_address(channel, address).rpartition("@")
    return f"{mask_text(local)}@{domain}"[:80] if at else f"…{domain[-3:]}"


def is_deliverable_address(address: str) -> bool:
    """True for an e-mail address that SMTP can carry: one @, a domain, and nothing that could end a command."""
    local, at, domain = address.rpartition("@")
    return bool(at and local and "." in domain and len(address) <= 254) and not _ENDS_COMMAND.search(address)


def smtp_address(address: str) -> str:
    """The address as it is given to the mail server: as stored, with the domain in ASCII."""
    local, _at, domain = address.strip().rpartition("@")
    return f"{local}@{_ascii_domain(domain.casefold())}"
