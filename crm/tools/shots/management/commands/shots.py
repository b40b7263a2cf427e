"""Photograph every page over the example company: desk and phone, light and dark, English and Chinese."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.auth.models import User
from crm.tools.demo.example_customers import EXAMPLE_SOURCE
from crm.tools.demo.example_staff import STAFF_DOMAIN
from crm.tools.shots import contact_sheet, screenshots
from crm.tools.shots.page_catalog import PAGE_PICTURES, PagePicture
from customers.profiles.models import Customer, ExternalId

Pictures = list[tuple[str, str, str, str]]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", nargs="?", type=Path, default=settings.VAR / "shots")
        parser.add_argument(
            "--only", action="append", default=[], help="pages whose name contains this; may be repeated"
        )
        parser.add_argument("--view", default="", help="part of a view's name, as in 390 or dark-zh-hans")
        parser.add_argument(
            "--customers", type=int, default=1500, help="size of the example company, if there is none yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_example_company(options["customers"])
        chosen = [
            motif
            for motif in PAGE_PICTURES
            if not options["only"] or any(part in motif.name for part in options["only"])
        ]
        if not chosen:
            raise CommandError(
                "No page has such a name. There are: " + ", ".join(motif.name for motif in PAGE_PICTURES)
            )
        options["out"].mkdir(parents=True, exist_ok=True)
        # Playwright's synchronous interface runs a loop of its own in this thread; Django takes it for ours.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        logging.getLogger("crm.request").setLevel(logging.WARNING)
        taken = take_pictures(chosen, options["out"], options["view"])
        wrong = [f"{name} {view}: {what}" for name, view, _file, what in taken if what]
        self.stdout.write(f"{len(taken)} pictures: {contact_sheet.write_contact_sheet(options['out'], taken)}")
        if wrong:
            self.stderr.write("\n".join(wrong))
            sys.exit(1)


def ensure_example_company(customers: int) -> None:
    """Pictures are taken of the example company only: real customers belong on no contact sheet."""
    if ExternalId.objects.filter(source=EXAMPLE_SOURCE).exists():
        return
    if Customer.objects.exists():
        raise CommandError("The customers here are not the example company's: they are not photographed.")
    call_command("demo", customers=customers)


def take_pictures(motifs: list[PagePicture], folder: Path, part: str) -> Pictures:
    """All pictures, view by view."""
    user = User.objects.get(email=f"admin@{STAFF_DOMAIN}")
    addresses = {motif: motif.address() for motif in motifs}
    taken: Pictures = []
    with screenshots.run_product_server() as address, screenshots.open_chromium() as browser:
        for view in [each for each in screenshots.PUBLIC_VIEWS if part in str(each)]:
            for is_public in (False, True):
                seen = [
                    m
                    for m in motifs
                    if m.is_public == is_public and addresses[m] and (is_public or view in screenshots.STAFF_VIEWS)
                ]
                if not seen:
                    continue
                page = screenshots.open_tab(browser, address, view, None if is_public else user)
                for motif in seen:
                    file = f"{motif.name}-{view}.png"
                    wrong = screenshots.photograph_page(page, address + addresses[motif], folder / file)
                    taken.append((motif.name, str(view), file, wrong))
                page.context.close()
    return sorted(taken, key=lambda each: [m.name for m in motifs].index(each[0]))
