"""The pages of the import wizard."""

from django.core.files.base import ContentFile

from crm.kernel import clock
from customers.importing import services
from tests.house.gallery import Page

FILE = "order id,order date,customer id,name,sku,quantity,sales\nO1,2026-01-05,C1,林嘉怡,A,2,20\nO2,2026-13-05,C2,Olivia,B,1,9.99\n"


def uploaded(owner):
    content = ContentFile(FILE.encode())
    batch = services.take_file(file=content, name="orders.csv", kind="orders", at=clock.now(), by=owner)
    return {"public_id": batch.public_id}


def checked(owner):
    found = uploaded(owner)
    services.check(batch=services.Import.objects.get(**found), at=clock.now())
    return found


def more_imports(owner, count):
    for _number in range(count):
        uploaded(owner)


PAGES: list[Page] = [
    Page("customers:import_list", more=more_imports),
    Page("customers:import_new"),
    Page("customers:import", at=checked),
    Page("customers:import", at=uploaded),
]
NOT_PAGES: dict[str, str] = {
    "customers:import_state": "a poll",
    "customers:import_rejected": "a file",
}
