"""The wizard through HTTP: upload, mapping, check, job, report; bad files come back with the reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.kernel.background import scheduler
from customers.importing import jobs, views
from customers.importing.models import Import
from customers.orders.models import Order
from customers.profiles.models import Customer

HEAD = "order id,order date,customer id,name,sku,quantity,sales\n"
ROWS = "O1,2026-01-05,C1,林嘉怡,A,2,20\nO2,2026-02-05,C2,Olivia,B,1,9.99\nO3,2026-13-05,C3,=HYPERLINK(1),B,1,5\n"


def upload(client, text, kind="orders"):
    file = SimpleUploadedFile("orders.csv", text.encode())
    return client.post("/imports/new/", {"kind": kind, "file": file, "preset": ""})


def mapping(batch, **more):
    columns = {f"column-{place}": target for place, target in enumerate(_targets(batch))}
    return {"source": "shop", "mode": "upsert", "date_order": "mdy", "currency": "cny", **columns, **more}


def _targets(batch):
    by_column = {column: target for target, column in batch.mapping.items()}
    return [by_column.get(column, "") for column in batch.columns]


@pytest.mark.rule("CU-30")
def test_wizard_leads_from_file_to_report(client_as):
    client = client_as("manager")
    assert upload(client, HEAD + ROWS).status_code == 302
    batch = Import.objects.get()
    page = f"/imports/{batch.public_id}/"

    client.post(f"{page}map/", mapping(batch))
    checked = client.get(page).content.decode()
    assert "Import 2 rows" in checked
    assert "2026-13-05 is no date" in checked
    assert not Order.objects.exists()

    client.post(f"{page}start/")
    client.post(f"{page}start/")
    scheduler.run_scheduled_task("jobs")
    done = client.get(page).content.decode()
    rejected = client.get(f"{page}rejected/").content.decode()

    assert "Imported</span>" in done
    assert sorted(Order.objects.values_list("number", "currency")) == [("O1", "CNY"), ("O2", "CNY")]
    assert Customer.objects.filter(external_ids__source="shop").count() == 2
    assert "order date: 2026-13-05 is no date" in rejected
    assert "'=HYPERLINK(1)" in rejected


@pytest.mark.rule("PL-22")
def test_larger_file_is_checked_by_a_worker(client_as, monkeypatch):
    monkeypatch.setattr(views, "MAX_INSTANT_CHECK_BYTES", 10)
    client = client_as("manager")
    upload(client, HEAD + ROWS)
    batch = Import.objects.get()
    page = f"/imports/{batch.public_id}/"

    client.post(f"{page}map/", mapping(batch))
    waiting = client.get(f"{page}state/", headers={"HX-Request": "true"})
    scheduler.run_scheduled_task("jobs")
    over = client.get(f"{page}state/", headers={"HX-Request": "true"})

    assert (waiting.status_code, over["HX-Refresh"]) == (204, "true")
    assert "Import 2 rows" in client.get(page).content.decode()


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(("text", "reason"), [("", "empty"), ("\x00\x01", "no text file")])
def test_file_that_is_no_table_comes_back_with_the_reason(client_as, text, reason):
    response = upload(client_as("manager"), text)

    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not Import.objects.exists()


@pytest.mark.rule("PL-51")
def test_mapping_without_order_numbers_or_twice_the_same_names_the_column(client_as):
    client = client_as("manager")
    upload(client, HEAD + ROWS)
    batch = Import.objects.get()
    url = f"/imports/{batch.public_id}/map/"

    missing = client.post(url, mapping(batch, **{"column-0": ""}))
    twice = client.post(url, mapping(batch, **{"column-0": "placed_at"}))

    assert (missing.status_code, twice.status_code) == (422, 422)
    assert "No column goes to: Order number" in missing.content.decode()
    assert "“order id” goes there already." in twice.content.decode()


@pytest.mark.rule("PL-22")
def test_who_waits_for_a_check_is_not_sent_back_while_it_runs(client_as, monkeypatch):
    monkeypatch.setattr(views, "MAX_INSTANT_CHECK_BYTES", 10)
    client, seen = client_as("manager"), []
    upload(client, HEAD + ROWS)
    batch = Import.objects.get()
    page = f"/imports/{batch.public_id}/"
    client.post(f"{page}map/", mapping(batch))

    def look_meanwhile(**_):
        seen.append(client.get(f"{page}state/", headers={"HX-Request": "true"}).status_code)
        raise OSError("the disk is gone")

    monkeypatch.setattr(jobs.services, "dry_run_import", look_meanwhile)
    scheduler.run_scheduled_task("jobs")

    assert seen == [204]
    assert client.get(f"{page}state/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Match columns" in client.get(page).content.decode()


DATED = "order id,order date,customer id,name,phone,sku,quantity,sales\nO1,01/02/2026,C1,Ann,000000,A,2,1.234\n"


@pytest.mark.rule("CU-30")
def test_check_shows_how_dates_and_numbers_are_read_and_the_person_chooses(client_as):
    client = client_as("manager")
    upload(client, DATED)
    batch = Import.objects.get()
    page = f"/imports/{batch.public_id}/"

    client.post(f"{page}map/", mapping(batch, date_order=""))
    unsure = client.get(page).content.decode()
    client.post(f"{page}map/", mapping(batch, date_order="dmy", decimal="comma"))
    chosen = client.get(page).content.decode()

    assert unsure.count("Could be either") == 2
    assert "→ 2 January 2026" in unsure
    assert "Could be either" not in chosen
    assert ("→ 1 February 2026" in chosen, "→ 1,234" in chosen) == (True, True)


@pytest.mark.rule("CU-30")
def test_report_shows_warnings_and_gives_them_as_a_file(client_as):
    client = client_as("manager")
    upload(client, DATED)
    batch = Import.objects.get()
    page = f"/imports/{batch.public_id}/"

    client.post(f"{page}map/", mapping(batch))
    checked = client.get(page).content.decode()
    client.post(f"{page}start/")
    scheduler.run_scheduled_task("jobs")
    done, file = client.get(page).content.decode(), client.get(f"{page}warnings/").content.decode("utf-8-sig")

    assert "000000 is no phone number" in checked
    assert "000000 is no phone number" in done
    assert file.splitlines() == ["Line,Column,Reason,In the file", "2,phone,000000 is no phone number,000000"]
    assert Order.objects.count() == 1


@pytest.mark.rule("CU-30")
def test_strict_choice_leaves_the_row_out(client_as):
    client = client_as("manager")
    upload(client, DATED)
    batch = Import.objects.get()

    client.post(f"/imports/{batch.public_id}/map/", mapping(batch, strict="yes"))

    batch.refresh_from_db()
    assert (batch.checked_counts["rejected"], batch.checked_counts["warnings"]) == (1, [])


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-8"])
def test_nul_in_a_file_is_no_error_of_ours(client_as, encoding):
    client = client_as("manager")
    text = HEAD.replace("name", "na\x00me") + ROWS.replace("Olivia", "Oli\x00via")
    bom = {"utf-16-be": b"\xfe\xff", "utf-16-le": b"\xff\xfe"}.get(encoding, b"")
    file = SimpleUploadedFile("orders.csv", bom + text.encode(encoding))

    answer = client.post("/imports/new/", {"kind": "orders", "file": file, "preset": ""})

    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert Import.objects.get().columns[3] == "na\ufffdme"
