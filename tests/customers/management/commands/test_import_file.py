"""The command that imports a file: where it breaks off it says how to go on."""

import json
from io import StringIO

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command

from customers.importing.models import Import
from customers.orders.models import Order

pytestmark = pytest.mark.rule("PL-22")


def imported() -> list[str]:
    return sorted(Order.objects.values_list("number", flat=True))


def test_command_that_broke_off_says_how_to_go_on_and_goes_on(orders_file, chunks):
    chunks.append(3)
    said = StringIO()
    with pytest.raises(SoftTimeLimitExceeded):
        call_command("import_file", orders_file(10), kind="orders", stderr=said)
    batch = Import.objects.get()
    assert (batch.state, len(imported())) == ("failed", 4)
    assert f"import_file --resume {batch.public_id}" in said.getvalue()

    answer = StringIO()
    call_command("import_file", resume=batch.public_id, json=True, stdout=answer)

    assert json.loads(answer.getvalue())["orders"] == {"created": 10, "updated": 0, "unchanged": 0}
    assert len(imported()) == 10
    with pytest.raises(CommandError, match="no import that broke off"):
        call_command("import_file", resume=batch.public_id)
