"""Unknown words for the state of an order: found in the file, asked about in the wizard and on the command line."""

import json
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from crm.kernel.time import clock
from customers.importing import services, state_words
from customers.importing.models import Import
from customers.orders.models import Order
from tests.customers.importing.test_views import mapping

pytestmark = pytest.mark.django_db
FILE = """order id,order date,email,sku,quantity,line total,status
1,2026-03-01,a@example.com,TEA,1,100,Paid
2,2026-03-02,a@example.com,TEA,1,100,Geparkt
3,2026-03-03,a@example.com,TEA,1,100,Geparkt
4,2026-03-04,a@example.com,TEA,1,100,Auf Eis
5,2026-03-05,a@example.com,TEA,1,100,
5,2026-03-05,a@example.com,TEA,1,100,paid
"""


@pytest.fixture
def batch():
    return services.create_import(file=ContentFile(FILE.encode()), name="f.csv", kind="orders", at=clock.now())


@pytest.mark.rule("CU-11")
def test_unknown_words_of_the_file_are_asked_about_once_each(batch, monkeypatch):
    before_the_check = state_words.words_to_ask_about(batch)
    services.dry_run_import(batch=batch, at=clock.now())
    monkeypatch.setattr(state_words.file_reader, "read_rows", None)

    assert before_the_check == state_words.words_to_ask_about(batch) == ["Auf Eis", "Geparkt"]


@pytest.mark.rule("CU-11")
def test_order_without_any_state_is_asked_about_after_the_check():
    batch = services.create_import(
        file=ContentFile(f"{FILE}6,2026-03-06,a@example.com,TEA,1,100,\n".encode()),
        name="f.csv",
        kind="orders",
        at=clock.now(),
    )
    services.dry_run_import(batch=batch, at=clock.now())

    assert state_words.words_to_ask_about(batch)[0] == ""
    assert state_words.word_label("") == "(empty)"


def test_file_without_states_asks_nothing():
    text = "order id,order date,email,sku,line total\n1,2026-03-01,a@example.com,TEA,100\n"
    batch = services.create_import(file=ContentFile(text.encode()), name="f.csv", kind="orders", at=clock.now())

    assert state_words.words_to_ask_about(batch) == []


@pytest.mark.rule("CU-11")
def test_wizard_asks_what_a_word_means_and_remembers_the_answer(client_as, batch):
    client, page = client_as("manager"), f"/imports/{batch.public_id}/"
    assert [field.label for field in client.get(page).context["form"].states()] == ["Auf Eis", "Geparkt"]

    client.post(f"{page}map/", mapping(batch, **{"state-0": "cancelled", "state-1": ""}))
    batch.refresh_from_db()

    assert batch.options["states"] == {"Auf Eis": "cancelled"}
    assert (batch.checked_counts["orders"]["created"], batch.checked_counts["rejected"]) == (3, 2)
    form = client.get(f"{page}?edit").context["form"]
    assert [field.value() for field in form.states()] == ["cancelled", ""]


@pytest.mark.rule("CU-11")
def test_wizard_refuses_a_meaning_that_there_is_not(client_as, batch):
    answer = client_as("manager").post(f"/imports/{batch.public_id}/map/", mapping(batch, **{"state-0": "lovely"}))

    assert answer.status_code == 422
    assert "state-0" in answer.context["form"].errors


@pytest.mark.rule("CU-11")
def test_command_line_says_what_words_mean(tmp_path):
    path, out = tmp_path / "orders.csv", StringIO()
    path.write_text(FILE)

    call_command(
        "import_file", str(path), kind="orders", json=True, stdout=out, state=["geparkt=unpaid", "Auf Eis=Cancelled"]
    )

    assert json.loads(out.getvalue())["rejected"] == 0
    statuses = Order.objects.order_by("number").values_list("status", flat=True)
    assert list(statuses) == ["paid", "placed", "placed", "cancelled", "paid"]


@pytest.mark.rule("CU-11")
@pytest.mark.parametrize("state", ["Geparkt", "Geparkt=lovely"])
def test_command_line_refuses_a_meaning_that_there_is_not(tmp_path, state):
    path = tmp_path / "orders.csv"
    path.write_text(FILE)

    with pytest.raises(CommandError, match="state: Geparkt"):
        call_command("import_file", str(path), kind="orders", state=[state])

    assert not Order.objects.exists()
    assert not Import.objects.filter(state="done").exists()
