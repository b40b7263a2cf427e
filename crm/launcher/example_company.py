"""`bin/server --demo`: an example company, once, where there are no customers yet."""

import os
import sys

import django
from django.core.management import call_command


def main() -> None:
    """Runs in the product's environment; what `demo` prints (the logins) goes to standard output."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from customers.profiles.models import Customer

    if Customer.objects.exists():
        print("There are customers here already: no example company was added.", file=sys.stderr)
    else:
        print("Making an example company …", file=sys.stderr, flush=True)
        call_command("demo")


if __name__ == "__main__":
    main()
