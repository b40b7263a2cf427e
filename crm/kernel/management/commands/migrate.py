"""`migrate` as the owner of the tables, and afterwards what the product's role may do."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from crm.kernel.db import grants


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection: Any = connections[options["database"]]
        with connection.as_owner():
            super().handle(*args, **options)
            if options["plan"] or options["check_unapplied"]:
                return
            grants.apply_grants(connection)
