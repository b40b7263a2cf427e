"""Tokens and signed links: each serves one purpose, and a signed one expires."""

import hashlib
import secrets

from django.core import signing


class BadSignedLink(Exception):
    """The link is damaged, too old, or made for something else."""


def generate_token() -> tuple[str, bytes]:
    """A random token of 256 bits and the SHA-256 that is stored in its place."""
    token = secrets.token_urlsafe(32)
    return token, hash_token(token)


def hash_token(token: str) -> bytes:
    """What is stored of a token: whoever reads the table cannot use it."""
    return hashlib.sha256(token.encode()).digest()


def sign_value(purpose: str, value: str) -> str:
    """A signed value for links without a row of their own; `purpose` is the salt."""
    return signing.TimestampSigner(salt=f"crm.{purpose}").sign(value)


def read_signed_value(purpose: str, signed: str, *, days: int) -> str:
    """The value back, or BadLink; old signing keys count while they stand in SECRET_KEY_FALLBACKS."""
    try:
        return signing.TimestampSigner(salt=f"crm.{purpose}").unsign(signed, max_age=days * 86400)
    except signing.BadSignature as error:
        raise BadSignedLink(str(error)) from error
