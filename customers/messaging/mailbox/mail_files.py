"""Mails as files: written whole or not at all, named by the time of their arrival."""

import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

MAX_MAILS = 5000
MAIL_NAME = re.compile(r"[0-9]{19}-[0-9a-f]{8}")
SHOWN_HEADERS = 100


@dataclass(frozen=True)
class StoredMail:
    """One mail of the mailbox; its parts are decoded when they are asked for."""

    name: str
    mail: EmailMessage

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.name[:19]) / 1e9, UTC)

    @property
    def recipient(self) -> str:
        return str(self.mail["X-Envelope-To"] or self.mail["To"] or "")

    @property
    def sender(self) -> str:
        return str(self.mail["From"] or "")

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"] or "")

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in list(self.mail.items())[:SHOWN_HEADERS]]

    def _part(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


def mailbox_folder() -> Path:
    """The folder of the mails; it is made where it does not exist."""
    path = Path(settings.MAILBOX_DIR)
    path.mkdir(parents=True, exist_ok=True)
    return path


def save_mail(recipients: list[str], raw: bytes) -> str:
    """Store a mail, complete before anybody can read it; returns its name."""
    name = f"{time.time_ns():019}-{secrets.token_hex(4)}"
    folder = mailbox_folder()
    unfinished = folder / f".{name}.new"
    unfinished.write_bytes(f"X-Envelope-To: {', '.join(recipients)}\r\n".encode() + raw)
    os.replace(unfinished, folder / f"{name}.eml")
    return name


def newest_mails(search: str = "", *, limit: int = 50, before: str = "") -> list[StoredMail]:
    """The newest mails, before a name where one is given, whose recipient or subject contains the text."""
    text = search.strip().casefold()
    mails: list[StoredMail] = []
    for name in _mail_names():
        if before and name >= before:
            continue
        mail = find_mail(name)
        if mail and (not text or text in mail.recipient.casefold() or text in mail.subject.casefold()):
            mails.append(mail)
            if len(mails) == limit:
                break
    return mails


def find_mail(name: str) -> StoredMail | None:
    """A mail by its name, or None."""
    if not MAIL_NAME.fullmatch(name):
        return None
    try:
        raw = (mailbox_folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    return StoredMail(name, message_from_bytes(raw, policy=policy.default))


def delete_old_mails() -> int:
    """Delete all but the newest 5,000; returns how many."""
    names = list(_mail_names())[MAX_MAILS:]
    for name in names:
        (mailbox_folder() / f"{name}.eml").unlink(missing_ok=True)
    return len(names)


def _mail_names() -> Iterator[str]:
    names = (entry.name[:-4] for entry in os.scandir(mailbox_folder()) if entry.name.endswith(".eml"))
    yield from sorted((name for name in names if MAIL_NAME.fullmatch(name)), reverse=True)
