"""Fill an empty installation with an example company: a tea shop with three years of customers, in three languages."""

import json
import secrets
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from crm.kernel.time import clock
from crm.tools.demo import company_history, example_staff
from crm.tools.demo.example_customers import EXAMPLE_SOURCE
from customers.profiles.models import Customer, ExternalId


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=int, default=5000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--password", default="", help="of all its users; made up when it is not given")
        parser.add_argument("--force", action="store_true", help="although there are customers here already")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_bad_options(options)
        began, password = time.monotonic(), options["password"] or secrets.token_urlsafe(9)
        wanted = {"seed": options["seed"], "customers": options["customers"], "now": clock.now(), "password": password}
        company_history.CompanyHistory(**wanted, say=lambda text: self.stderr.write(text)).live()
        analyze_tables()
        answer = {
            **company_history.count_example_rows(),
            "seconds": round(time.monotonic() - began, 1),
            "users": example_staff.staff_logins(password),
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else summary_text(answer))


def refuse_bad_options(options: dict[str, Any]) -> None:
    """An example never mixes with real customers unseen."""
    if not 1 <= options["customers"] <= 200_000:
        raise CommandError("--customers: from 1 to 200,000.")
    if ExternalId.objects.filter(source=EXAMPLE_SOURCE).exists():
        raise CommandError("The example company is here already. Empty the database first (manage.py flush).")
    present = Customer.objects.count()
    if present and not options["force"]:
        raise CommandError(
            f"There are {present:,} customers here already, and an example company would be mixed among them for good. "
            "Use an empty installation (CRM_VAR=/another/folder), or say --force."
        )


def analyze_tables() -> None:
    """So many new rows: the database plans its first queries well when it has looked at them."""
    database: Any = connection
    if not database.in_atomic_block:
        with database.as_owner(), database.cursor() as cursor:
            cursor.execute("ANALYZE")


def summary_text(answer: dict[str, Any]) -> str:
    """For people: what there is, and how to get in."""
    lines = [
        f"The example company has {answer['customers']:,} customers and {answer['orders']:,} orders ({answer['seconds']} s)."
    ]
    lines.append(f"Everybody's password: {answer['users'][0]['password']}")
    lines += [f"  {each['email']:<28} {each['role']}" for each in answer["users"]]
    return "\n".join(lines)
