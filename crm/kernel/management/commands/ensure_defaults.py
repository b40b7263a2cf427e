"""Make what a fresh installation needs: the first administrator, the default programme, templates, texts."""

import json
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.kernel.auth.models import User
from crm.kernel.ops import defaults


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--email", default="admin@evergreen.example", help="the first administrator's e-mail")
        parser.add_argument("--password", help="his password; without it one is made up and shown once")

    def handle(self, *args: Any, **options: Any) -> None:
        names = defaults.ensure_defaults()
        login = self._first_login(options)
        if options["json"]:
            self.stdout.write(json.dumps({"defaults": names, "login": login}))
        elif login:
            self.stdout.write(f"First login: {login['email']}  {login['password']}")

    def _first_login(self, options: dict[str, Any]) -> dict[str, str] | None:
        if User.objects.exists():
            return None
        password = options["password"] or secrets.token_urlsafe(9)
        User.objects.create_superuser(options["email"], password, name="Admin")
        return {"email": options["email"], "password": password}
