"""The list as a file: cells, masks, rights, name."""

import csv
import io
from datetime import UTC, datetime

import pytest

from crm.kernel.audit.models import AuditEntry
from crm.kernel.auth.models import User
from crm.kernel.background.jobs import job_runner
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.importing import import_report, services
from customers.profiles.models import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


@pytest.mark.rule("CU-31")
def test_export_is_a_job_whose_cells_are_no_formulas(make_customer, client_as):
    make_customer("=HYPERLINK(1)", email="a@example.com", phone="+8613812342217", tags=["VIP"])
    make_customer("林嘉怡", tags=["VIP"], external_ids={"shop": "@cmd"})
    make_customer("Other")

    answer = client_as("manager").post("/customers/export/", {"all": "1", "query": "tag=VIP"})
    job_runner.run_waiting_jobs(clock.now())

    assert answer.status_code == 200
    job = Job.objects.get()
    assert (job.state, job.result) == ("done", {"rows": 2})
    text = job.file.read().decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["Name"] for row in rows] == ["'=HYPERLINK(1)", "林嘉怡"]
    assert rows[0]["Phone"] == "'+8613812342217"
    assert rows[1]["External ids"] == "shop:@cmd"
    assert [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\t\r")] == []
    assert AuditEntry.objects.get(action="customers.exported").count == 2


@pytest.mark.rule("PL-30")
def test_times_stand_on_the_clock_of_whoever_asked(make_customer, make_order, client_as, make_user):
    customer = make_customer("Lin", at=datetime(2026, 1, 31, 17, 30, tzinfo=UTC))
    make_order(customer, placed_at=datetime(2026, 6, 30, 17, 30, tzinfo=UTC))
    user = make_user("manager", time_zone="Europe/Berlin")

    client_as(user).post("/customers/export/", {"all": "1"})
    job_runner.run_waiting_jobs(clock.now())

    (row,) = csv.DictReader(io.StringIO(Job.objects.get().file.read().decode("utf-8-sig")))
    assert (row["Added"], row["Last purchase"]) == ("2026-01-31T18:30:00+01:00", "2026-06-30T19:30:00+02:00")


def test_export_masks_contact_data_for_who_may_not_see_it(make_customer, client_as):
    make_customer("Lin", email="lin@example.com", phone="+8613812342217")

    client_as("marketing").post("/customers/export/", {"all": "1"})
    job_runner.run_waiting_jobs(clock.now())

    text = Job.objects.get().file.read().decode()
    assert "l•••@example.com" in text
    assert "lin@example.com" not in text
    assert "1234" not in text


@pytest.mark.rule("PL-11")
def test_who_may_not_export_gets_403_and_nothing_starts(make_customer, client_as):
    make_customer("Lin")

    assert client_as("sales").post("/customers/export/", {"all": "1"}).status_code == 403
    assert Job.objects.count() == 0


def test_right_lost_before_the_worker_came_yields_no_file(make_customer, make_user, client_as):
    boss = make_user("manager")
    make_customer("Lin")
    client_as(boss).post("/customers/export/", {"all": "1"})
    User.objects.filter(pk=boss.pk).update(role="readonly")

    job_runner.run_waiting_jobs(clock.now())

    job = Job.objects.get()
    assert job.state == "failed"
    assert not job.file


def test_export_is_named_by_the_day_of_the_company(at, make_customer, client_as):
    at("2026-03-09T23:30:00+00:00")
    make_customer()

    client_as("manager").post("/customers/export/", {"all": "1"})
    job_runner.run_waiting_jobs(clock.now())

    assert Job.objects.get().file_name == "customers-2026-03-10.csv"


NAMES = [
    "=1+1", "'=1", "+86 x", "@home", "-5", "'quoted'", 'He said "hi"', "a;b, c", "two\nlines", "林·嘉怡", "O’Neil", "١٢", "1.234,56",
]  # fmt: skip


@pytest.mark.rule("CU-30", "CU-31")
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_what_an_export_wrote_an_import_reads_as_the_same_customers(make_customer, client_as, make_user, language):
    for number, name in enumerate(NAMES):
        make_customer(
            name, email=f"a{number}@bücher.example", phone="+8613812342217", tags=["vip", f"tea club {number}"],
            city=name, country="CN", language="zh-hant", external_ids={"shop": f"C{number}"},
        )  # fmt: skip
    make_customer("Nobody's mail")
    user = make_user("manager", language=language)
    client_as(user).post("/customers/export/", {"all": "1"}, headers={"Accept-Language": language})
    job_runner.run_waiting_jobs(clock.now())
    before = list(Customer.objects.order_by("pk").values())

    batch = services.create_import(file=Job.objects.get().file, name="back.csv", kind="customers", at=clock.now())
    outcome = services.execute_import(batch=batch, at=clock.now())

    assert batch.mapping.keys() >= {
        "customer_ref",
        "display_name",
        "email",
        "phone",
        "language",
        "city",
        "country",
        "tags",
    }
    assert import_report.rejected_rows(batch) == import_report.import_warnings(batch) == []
    assert outcome["customers"] == {"created": 0, "updated": 0, "unchanged": len(NAMES) + 1}
    assert list(Customer.objects.order_by("pk").values()) == before
