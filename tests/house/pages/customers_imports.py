"""The pages of the import wizard."""

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.importing import services
from tests.house.gallery import Page

FILE = (
    "order id,order date,customer id,name,phone,sku,quantity,sales\n"
    "O1,01/05/2026,C1,林嘉怡,000000,A,2,1.234\n"
    "O2,2026-13-05,C2,Olivia,,B,1,9.99\n"
    "O3,2026-02-05,C3,Ann,,B,1,5.00,a gift\n"
)


def uploaded(owner):
    content = ContentFile(FILE.encode())
    batch = services.create_import(file=content, name="orders.csv", kind="orders", at=clock.now(), by=owner)
    return {"public_id": batch.public_id}


def checked(owner):
    found = uploaded(owner)
    services.dry_run_import(batch=services.Import.objects.get(**found), at=clock.now())
    return found


def broken_off(owner):
    found = uploaded(owner)
    batch = services.Import.objects.get(**found)
    _over(services.start_import(batch=batch, by=owner), Job.State.FAILED, done=1, total=2)
    services.mark_broken_off(batch=batch)
    return found


def checked_in_vain(owner):
    found = uploaded(owner)
    _over(services.start_check(batch=services.Import.objects.get(**found), by=owner), Job.State.FAILED)
    return found


def _over(job, state, **progress):
    Job.objects.filter(pk=job.pk).update(state=state, error=_("The file is empty."), **progress)


def more_imports(owner, count):
    for _number in range(count):
        uploaded(owner)


PAGES: list[Page] = [
    Page("customers:import_list", more=more_imports),
    Page("customers:import_new"),
    Page("customers:import", at=checked),
    Page("customers:import", at=uploaded),
    Page("customers:import", at=broken_off),
    Page("customers:import", at=checked_in_vain),
]
NOT_PAGES: dict[str, str] = {
    "customers:import_state": "a poll",
    "customers:import_rejected": "a file",
    "customers:import_warnings": "a file",
}
