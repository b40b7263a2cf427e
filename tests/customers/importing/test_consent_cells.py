"""Consent in files: taken with its proof, refused in doubt, never against an opt-out, and once."""

import pytest
from django.core.files.base import ContentFile

from crm.kernel.time import clock
from customers.importing import consent_cells, import_report, services
from customers.importing.cell_parsing import RejectedCell
from customers.messaging import consent
from customers.messaging.models import Consent, ConsentEntry
from customers.profiles.models import Customer

FILE = (
    "customer id,name,email,Accepts Email Marketing,Consent Date\n"
    "C1,Anna,anna@shop.example,yes,2025-03-01\n"
    "C2,Ben,ben@shop.example,no,2025-03-02\n"
    "C3,林嘉怡,jiayi@shop.example,,\n"
    "C4,Dora,dora@shop.example,perhaps,\n"
)


@pytest.fixture
def run(db):
    """Import a file of customers to its end."""

    def execute(text: str, **options: str):
        batch = services.create_import(
            file=ContentFile(text.encode()), name="people.csv", kind="customers", at=clock.now()
        )
        services.map_columns(batch=batch, mapping=batch.mapping, **options)
        services.execute_import(batch=batch, at=clock.now())
        return batch

    return execute


@pytest.mark.rule("CU-30")
@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("Yes", "given"), ("TRUE", "given"), ("subscribed", "given"), ("是", "given"), ("已訂閱", "given"),
        ("no", "withdrawn"), ("0", "withdrawn"), ("Unsubscribed", "withdrawn"), ("已退订", "withdrawn"),
        ("", ""), ("pending", ""), ("Never subscribed", ""),
    ],
)  # fmt: skip
def test_words_of_consent(cell, state):
    assert consent_cells.parse_consent("email_consent", cell) == state


def test_word_that_is_not_understood_is_no_consent():
    with pytest.raises(RejectedCell):
        consent_cells.parse_consent("email_consent", "perhaps")


@pytest.mark.rule("CU-30", "CU-40")
def test_agreements_come_in_with_their_wording_and_once(run):
    first = run(FILE, consent_wording="sign-up 3")
    again = run(FILE, consent_wording="sign-up 3")

    said = set(Consent.objects.values_list("customer__display_name", "topic", "state", "wording_version"))
    assert said == {
        ("Anna", "promotions", "given", "sign-up 3"),
        ("Anna", "news", "given", "sign-up 3"),
        ("Ben", "promotions", "withdrawn", "sign-up 3"),
        ("Ben", "news", "withdrawn", "sign-up 3"),
    }
    assert [batch.counts["consents"] for batch in (first, again)] == [4, 0]
    assert ConsentEntry.objects.filter(proof__contains=first.public_id, source="import").count() == 4
    assert {row.at.date().isoformat() for row in Consent.objects.filter(customer__display_name="Anna")} == {
        "2025-02-28"
    }
    assert Customer.objects.count() == 4
    assert [(w["line"], w["column"]) for w in import_report.import_warnings(first)] == [(5, "Accepts Email Marketing")]


@pytest.mark.rule("CU-30")
def test_without_the_wording_only_refusals_are_taken(run):
    batch = run(FILE)

    assert set(Consent.objects.values_list("customer__display_name", "state")) == {("Ben", "withdrawn")}
    assert [w["line"] for w in import_report.import_warnings(batch)] == [2, 5]


@pytest.mark.rule("CU-40")
def test_file_never_lifts_an_opt_out(run, make_customer):
    anna = make_customer("Anna", email="anna@shop.example", external_ids={"file": "C1"})
    consent.withdraw_consent(customer=anna, channel="email", topics=["news"], source="link", at=clock.now())

    run(FILE, consent_wording="sign-up 3")

    assert dict(Consent.objects.filter(customer=anna).values_list("topic", "state")) == {
        "news": "withdrawn",
        "promotions": "given",
    }
