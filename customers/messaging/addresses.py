"""Addresses in one canonical form, and the HMAC that stands for them where the address itself must not be stored."""

import hmac
import unicodedata
from functools import lru_cache

import idna
from django.conf import settings

from crm.kernel.audit.masking import mask_text
from customers.messaging import channels


def canonical_address(channel: str, address: str) -> str:
    """Trimmed, compatibility-normalised and casefolded; then as the channel writes it."""
    text = (address if address.isascii() else unicodedata.normalize("NFKC", address)).strip().casefold()
    return channels.get_channel_kind(channel).canonical_address(text)


@lru_cache(maxsize=10_000)
def ascii_domain(domain: str) -> str:
    """The domain as the mail system knows it; as it stands where it is none."""
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


def smtp_address(address: str) -> str:
    """The address as it is given to the mail server: as stored, with the domain in ASCII."""
    local, _at, domain = address.strip().rpartition("@")
    return f"{local}@{ascii_domain(domain.casefold())}"
