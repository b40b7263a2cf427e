"""Make a key for another program and print it: its only sight in clear. For scripts and set-ups without a browser."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.api import services
from crm.kernel.api.scopes import SCOPES
from crm.kernel.auth.choices import StaffRole
from crm.kernel.auth.models import User

ALL_SCOPES = "all"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="which program it is for, as the list of keys shows it")
        parser.add_argument(
            "--scope",
            nargs="+",
            action="extend",
            metavar="SCOPE",
            help=f"what it may do: {ALL_SCOPES} (the default), or any of {', '.join(SCOPES)}",
        )
        parser.add_argument("--user", metavar="EMAIL", help="whose key it is: an administrator; else the first one")
        parser.add_argument("--json", action="store_true", help='print {"key": …, "id": …, "scopes": …}')

    def handle(self, *args: Any, **options: Any) -> None:
        key, secret = services.create_api_key(
            name=_checked_name(options["name"]),
            scopes=_checked_scopes(options["scope"] or [ALL_SCOPES]),
            by=_get_owner(options["user"]),
        )
        if options["json"]:
            self.stdout.write(json.dumps({"key": secret, "id": key.public_id, "scopes": key.scopes}))
        else:
            self.stdout.write(secret)


def _checked_name(text: str) -> str:
    name, longest = text.strip(), services.LONGEST_NAME
    if not name or len(name) > longest:
        raise CommandError(f"--name: between 1 and {longest} characters.")
    return name


def _checked_scopes(wanted: list[str]) -> list[str]:
    """Scopes may stand one by one or with commas between them."""
    scopes = {scope for text in wanted for scope in text.replace(",", " ").split()}
    if unknown := sorted(scopes - {ALL_SCOPES, *SCOPES}):
        raise CommandError(f"--scope: there is no {', '.join(unknown)}. There are: {', '.join((ALL_SCOPES, *SCOPES))}.")
    if not scopes:
        raise CommandError(f"--scope: name at least one of {', '.join((ALL_SCOPES, *SCOPES))}.")
    return list(SCOPES) if ALL_SCOPES in scopes else sorted(scopes)


def _get_owner(email: str | None) -> User:
    """The administrator of this address, or the first one who may sign in; keys are audited as theirs."""
    administrators = User.objects.filter(role=StaffRole.ADMIN, is_active=True).order_by("pk")
    owner = administrators.filter(email__iexact=email.strip()).first() if email else administrators.first()
    if owner is None:
        raise CommandError(
            f"--user: no active administrator is called {email}."
            if email
            else "There is no administrator yet: run ensure_defaults first."
        )
    return owner
