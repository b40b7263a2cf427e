"""The customer list as a file: a job that reads in chunks, masks what the user may not see, and is audited."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import File
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.background import jobs
from crm.kernel.background.jobs.models import Job
from crm.kernel.files import csv_cells
from crm.kernel.time import clock
from customers.profiles import contact_masks, facts
from customers.profiles.models import Customer
from customers.workspace import bulk_actions, list_query

KIND = "customers.export"
CHUNK = 1_000


def start_export(*, selection: bulk_actions.CustomerSelection, user: User, at: datetime) -> Job:
    """Start the export of the selected customers, or of all that the address shows; the request is audited.

    Raises NobodySelected where the selection is empty, and BadFilter where its address makes no sense.
    """
    if not selection.selects_all and not selection.ids:
        raise bulk_actions.NobodySelected(_("Nobody is selected."))
    if selection.selects_all:
        list_query.parse_list_query(QueryDict(selection.query), user, at)
    job = jobs.start_job(
        KIND,
        user=user,
        query=selection.query if selection.selects_all else "",
        ids=[] if selection.selects_all else selection.ids,
        language=translation.get_language(),
    )
    audit.record_audit_entry(
        "customers.export_asked",
        by=user,
        after={"filters": sorted(QueryDict(job.params["query"]))},
        count=len(selection.ids),
        job=job,
    )
    return job


def write_export_file(job: jobs.JobRun) -> dict[str, Any]:
    """Write the file; after a restart it is written anew. Raises JobFailed where the user lost the permission meanwhile."""
    user, now = job.job.user, clock.now()
    if user is None or not access.has_permission(user, "customers.export"):
        raise jobs.JobFailed(_("You may not export customers any more."))
    ids = bulk_actions.CustomerSelection(job.params["ids"], job.params["query"], not job.params["ids"]).customer_ids(
        user, now
    )
    with (
        translation.override(job.params["language"]),
        tempfile.NamedTemporaryFile("w+", encoding="utf-8", newline="") as file,
    ):
        writer = csv_cells.CsvWriter(file, _header_cells(), ZoneInfo(user.time_zone))
        for start in range(0, len(ids), CHUNK):
            writer.write(_customer_lines(ids[start : start + CHUNK], access.has_permission(user, "customers.contact")))
            job.save_progress(writer.rows, len(ids))
        file.flush()
        with open(file.name, "rb") as written:
            job.attach_file(f"customers-{clock.today(company.get_company().time_zone)}.csv", File(written))
    audit.record_audit_entry(
        "customers.exported",
        by=user,
        after={"filters": sorted(QueryDict(job.params["query"]))},
        count=writer.rows,
        job=job.job,
    )
    return {"rows": writer.rows}


def _header_cells() -> list[str]:
    return [
        _("Id"), _("External ids"), _("Name"), _("Family name"), _("Given name"), _("E-mail"), _("Phone"), _("Language"),
        _("City"), _("Country"), _("Home store"), _("Owner"), _("Tags"), _("Value grade"), _("Orders"), _("Net spend"),
        _("First purchase"), _("Last purchase"), _("Added"), *[str(facts.fact_label(kind)) for kind in facts.fact_formats],
    ]  # fmt: skip


def _customer_lines(ids: list[int], shows_contacts: bool) -> Iterator[list[Any]]:
    customers = (
        Customer.objects.filter(pk__in=ids).select_related("owner", "summary").prefetch_related("external_ids", "facts")
    )
    for customer in customers.order_by("pk"):
        summary = getattr(customer, "summary", None)
        fact_texts = {
            fact.kind: facts.format_fact(fact.kind, fact.value, fact.number).text for fact in customer.facts.all()
        }
        yield [
            customer.public_id,
            "; ".join(f"{row.source}:{row.value}" for row in customer.external_ids.all()),
            customer.display_name,
            customer.family_name,
            customer.given_name,
            customer.email if shows_contacts else contact_masks.mask_email(customer.email),
            customer.phone if shows_contacts else contact_masks.mask_phone(customer.phone),
            customer.language,
            customer.city,
            customer.country,
            customer.home_store,
            customer.owner and customer.owner.name,
            "; ".join(customer.tags),
            customer.value_grade,
            summary.orders if summary else 0,
            summary.net_spend if summary else 0,
            summary and summary.first_order_at,
            summary and summary.last_order_at,
            customer.created_at,
            *[fact_texts.get(kind, "") for kind in facts.fact_formats],
        ]
