"""MIME messages written directly: it costs microseconds, and the bytes are the same each time a message is tried."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

_BREAKS = {ord("\r"): " ", ord("\n"): " ", 0: None}


def mime_message(
    *,
    message_id: str,
    sender: str,
    to: str,
    to_name: str,
    subject: str,
    text: str,
    html: str,
    date: datetime,
    headers: Mapping[str, str],
) -> bytes:
    """A multipart/alternative mail, lines ended by CRLF, nothing above ASCII."""
    edge = "=_" + hashlib.sha256(message_id.encode()).hexdigest()[:32]
    head = [
        f"From: {address_header(sender)}",
        f"To: {_named_address(to_name, to)}",
        f"Subject: {encoded_header(subject, 9)}",
        f"Date: {_date_header(date)}",
        f"Message-ID: {message_id}",
        "MIME-Version: 1.0",
        *(f"{name}: {encoded_header(value, len(name) + 2)}" for name, value in headers.items()),
        f'Content-Type: multipart/alternative; boundary="{edge}"',
    ]
    parts = [_mime_part("plain", text), _mime_part("html", html)]
    body = "".join(f"--{edge}\r\n{part}\r\n" for part in parts)
    return ("\r\n".join(head) + f"\r\n\r\n{body}--{edge}--\r\n").encode("ascii")


@lru_cache(maxsize=100)
def _date_header(date: datetime) -> str:
    return format_datetime(date)


@lru_cache(maxsize=100)
def address_header(sender: str) -> str:
    """`Name <local@domain>` with a name in any language."""
    name, _, address = sender.strip().rpartition("<")
    return _named_address(name.strip().strip('"'), address.rstrip(">")) if name else sender.strip().translate(_BREAKS)


def _named_address(name: str, address: str) -> str:
    address = address.strip().translate(_BREAKS)
    name = name.translate(_BREAKS).strip()
    if not name:
        return address
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{encoded_header(name, 6)} <{address}>"


def encoded_header(value: str, column: int) -> str:
    """A header value: unchanged where it is ASCII, else as RFC 2047 words of whole characters, folded."""
    if not (value.isascii() and value.isprintable()):
        value = value.translate(_BREAKS)
    value = value.strip()
    if value.isascii() and "=?" not in value:
        return value if column + len(value) <= 900 else value[: 900 - column]
    words, word = [], b""
    for character in value:
        raw = character.encode("utf-8", "replace")
        if len(word) + len(raw) > 42:
            words.append(word)
            word = b""
        word += raw
    words.append(word)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part).decode()}?=" for part in words)


def _mime_part(subtype: str, content: str) -> str:
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if content.isascii():
        lines = binascii.b2a_qp(content.encode(), istext=True).decode().replace("\n", "\r\n")
        return (
            f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{lines}"
        )
    encoded = binascii.b2a_base64(content.encode("utf-8", "replace"), newline=False).decode()
    lines = "\r\n".join([encoded[start : start + 76] for start in range(0, len(encoded), 76)])
    return f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{lines}\r\n"
