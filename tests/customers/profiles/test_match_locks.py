"""One file started twice at once, and one customer sent by twelve tills at once, make nobody twice."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from crm.kernel.db import conflict_retries
from crm.kernel.time import clock
from customers.importing import services
from customers.profiles import customer_matching, match_locks
from customers.profiles.models import Customer, ExternalId
from tests.customers.conftest import client_with

pytestmark = pytest.mark.django_db(transaction=True)
BY_EMAIL = "name,email\nAnna,anna@shop.example\nBen,ben@shop.example\n林嘉怡,jiayi@shop.example\n"
BY_NUMBER = "customer id,name\nC1,Anna\nC2,Ben\nC3,林嘉怡\n"


@pytest.fixture
def meet(monkeypatch):
    """Those who look for customers wait for each other once, so that none sees what another writes."""

    def make(parties: int, timeout: float) -> None:
        together, look = threading.Barrier(parties, timeout=timeout), customer_matching.load_customer_index

        def look_together(*args, **kwargs):
            index = look(*args, **kwargs)
            with contextlib.suppress(threading.BrokenBarrierError):
                together.wait()
            together.abort()
            return index

        monkeypatch.setattr(customer_matching, "load_customer_index", look_together)

    return make


def at_once(*jobs):
    def run(job):
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def import_twice(text: str) -> list[dict]:
    batches = []
    for _upload in range(2):
        file = ContentFile(text.encode(), "people.csv")
        batches.append(services.create_import(file=file, name="people.csv", kind="customers", at=clock.now()))
    return at_once(*(lambda batch=batch: services.execute_import(batch=batch, at=clock.now()) for batch in batches))


@pytest.mark.rule("CU-30")
@pytest.mark.parametrize("text", [BY_EMAIL, BY_NUMBER], ids=["by e-mail", "by number"])
def test_one_file_imported_twice_at_once_makes_nobody_twice(meet, text):
    meet(2, timeout=0.5)

    outcomes = import_twice(text)

    assert sorted(outcome["customers"]["created"] for outcome in outcomes) == [0, 3]
    assert sorted(Customer.objects.values_list("display_name", flat=True)) == ["Anna", "Ben", "林嘉怡"]


def test_control_without_the_lock_two_files_add_the_same_people(meet, monkeypatch):
    monkeypatch.setattr(match_locks, "lock_match_keys", lambda keys: None)
    meet(2, timeout=30)

    import_twice(BY_EMAIL)

    assert Customer.objects.count() == 6


def post_at_once(make_user, count: int) -> list[int]:
    api = client_with(make_user())[0]
    api.raise_request_exception = False
    sent = {"display_name": "Anna", "external_ids": {"shop": "C1"}}

    return at_once(*[lambda: api.post("/api/v1/customers/", sent, format="json").status_code] * count)


@pytest.mark.rule("PL-20", "CU-2")
def test_one_customer_sent_twelve_times_at_once_is_created_once(meet, make_user):
    meet(12, timeout=30)

    answers = post_at_once(make_user, 12)

    assert sorted(answers) == [200] * 11 + [201]
    assert (Customer.objects.count(), ExternalId.objects.count()) == (1, 1)


def test_control_without_a_second_attempt_the_others_fail(meet, make_user, monkeypatch):
    monkeypatch.setattr(conflict_retries, "ATTEMPTS", 1)
    meet(12, timeout=30)

    answers = post_at_once(make_user, 12)

    assert sorted(answers) == [201] + [500] * 11


def test_keys_of_thousands_fit_in_the_lock_table(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        match_locks.lock_match_keys(f"p{n}@shop.example" for n in range(5_000))
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        (held,) = cursor.fetchone()
        cursor.execute("ROLLBACK")

    assert held == match_locks.BUCKETS
