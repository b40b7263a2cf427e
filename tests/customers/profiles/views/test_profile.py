"""Adding and changing a customer by the forms."""

import pytest

from crm.kernel.time import clock
from customers.profiles import services
from customers.profiles.models import Customer, CustomField

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-1", "CU-2")]
NEW = "/customers/new/"
LEAST = {"birthday_calendar": "solar"}


def test_new_customer_is_kept_as_written_and_found(client_as):
    sent = {
        **LEAST, "family_name": "林", "given_name": "嘉怡", "email": "Lin@Example.com", "phone": "１３８-1234 2217",
        "birth_month": "2", "birth_day": "29", "tags": "VIP，茶, VIP", "country": "cn", "language": "zh-hans",
    }  # fmt: skip

    answer = client_as("sales").post(NEW, sent)

    customer = Customer.objects.get()
    assert answer.headers["Location"] == f"/customers/{customer.public_id}/"
    assert (customer.display_name, customer.email, customer.phone) == ("林嘉怡", "Lin@Example.com", "+8613812342217")
    assert (customer.birth_month, customer.birth_day, customer.birth_year) == (2, 29, None)
    assert (customer.tags, customer.country) == (["VIP", "茶"], "CN")


def test_blank_is_null(client_as):
    client_as("sales").post(NEW, {**LEAST, "display_name": "Lin", "email": " ", "phone": ""})

    assert Customer.objects.values_list("email", "phone").get() == (None, None)


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "display_name"), ({"display_name": "a" * 201}, "display_name"), ({"display_name": "\x00"}, "display_name"),
        ({"email": "lin@"}, "email"), ({"phone": "12"}, "phone"), ({"phone": "call me"}, "phone"),
        ({"birth_month": "2"}, "birth_day"), ({"birth_day": "2"}, "birth_day"), ({"birth_year": "1990"}, "birth_day"),
        ({"birth_month": "2", "birth_day": "30"}, "birth_day"),
        ({"birth_month": "2", "birth_day": "29", "birth_year": "2001"}, "birth_day"),
        ({"birth_month": "13", "birth_day": "1"}, "birth_day"),
        ({"birth_month": "1", "birth_day": "1", "birth_year": "1800"}, "birth_day"),
        ({"birthday_calendar": "lunar", "birth_month": "1", "birth_day": "31"}, "birth_day"),
        ({"country": "Atlantis"}, "country"), ({"time_zone": "Mars/Base"}, "time_zone"), ({"tags": "a" * 41}, "tags"),
        ({"language": "xx"}, "language"), ({"owner": "999999"}, "owner"), ({"birthday_calendar": "moon"}, "birthday_calendar"),
    ],
)  # fmt: skip
def test_wrong_field_is_named_and_nothing_is_written(sent, field, client_as):
    name = {} if "display_name" in sent or not sent else {"display_name": "Lin"}

    answer = client_as("sales").post(NEW, {**LEAST, **name, **sent})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Customer.objects.count() == 0


def test_lunar_birthday_may_be_a_day_that_the_solar_month_lacks(client_as):
    sent = {"display_name": "Lin", "birthday_calendar": "lunar", "birth_month": "2", "birth_day": "30"}

    assert client_as("sales").post(NEW, sent).status_code == 302


@pytest.mark.rule("CU-2", "CU-32")
def test_duplicate_is_shown_first_and_added_when_confirmed(make_customer, client_as):
    known = make_customer("Lin", phone="+8613812342217", email="lin@example.com")
    client, sent = client_as("sales"), {**LEAST, "display_name": "Lin's mother", "phone": "13812342217"}

    answer = client.post(NEW, sent)

    assert answer.status_code == 422
    assert answer.context["form"].duplicates == [known]
    assert Customer.objects.count() == 1
    assert client.post(NEW, {**sent, "confirmed": "1"}).status_code == 302
    assert Customer.objects.filter(phone="+8613812342217").count() == 2


def test_duplicate_of_another_team_is_not_named(make_customer, make_user, client_as):
    make_customer("Secret Lin", email="lin@example.com")
    client = client_as(make_user("sales", scope="own"))

    page = client.post(NEW, {**LEAST, "display_name": "Lin", "email": "LIN@example.com"}).content.decode()

    assert "a customer of another team" in page
    assert "Secret Lin" not in page


def test_who_sees_only_his_own_owns_what_he_adds(make_user, make_team, client_as):
    me = make_user("sales", scope="own", team=make_team("North"))

    client_as(me).post(NEW, {**LEAST, "display_name": "Lin"})

    assert Customer.objects.visible_to(me).get().team == me.team


@pytest.mark.rule("I21")
def test_change_over_a_newer_copy_shows_both_and_keeps_the_stored_one(make_customer, make_user, client_as):
    customer = make_customer("Lin", city="Shanghai")
    client, url = client_as("sales"), f"/customers/{customer.public_id}/edit/"
    services.update_customer(customer=customer, at=clock.now(), by=make_user("manager"), city="Suzhou")
    sent = {**LEAST, "display_name": "Lin", "city": "Hangzhou", "version": "1"}

    answer = client.post(url, sent)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Suzhou" in page
    assert "Hangzhou" in page
    customer.refresh_from_db()
    assert customer.city == "Suzhou"
    assert client.post(url, {**sent, "version": str(customer.version)}).status_code == 302
    customer.refresh_from_db()
    assert customer.city == "Hangzhou"


@pytest.mark.rule("CU-1", "PL-23")
def test_custom_fields_of_the_company_are_typed(make_customer, client_as):
    for key, kind in (("shoe", "number"), ("since", "date"), ("vip", "yes_no")):
        CustomField.objects.create(key=key, label=key, type=kind)
    CustomField.objects.create(key="tea", label="tea", type="choice", choices=["green", "black"])
    customer = make_customer("Lin", custom={"legacy": "kept"})
    client, url = client_as("sales"), f"/customers/{customer.public_id}/edit/"
    sent = {**LEAST, "display_name": "Lin", "version": "1"}

    refused = client.post(url, {**sent, "custom_shoe": "big", "custom_tea": "white"})
    client.post(
        url, {**sent, "custom_shoe": "41.5", "custom_since": "2020-02-29", "custom_vip": "on", "custom_tea": "green"}
    )

    assert set(refused.context["form"].errors) == {"custom_shoe", "custom_tea"}
    customer.refresh_from_db()
    assert customer.custom == {"legacy": "kept", "shoe": "41.5", "since": "2020-02-29", "vip": True, "tea": "green"}


def test_archived_customer_leaves_the_list_and_comes_back(make_customer, client_as):
    customer = make_customer("Lin")
    client = client_as("sales")

    client.post(f"/customers/{customer.public_id}/archive/")
    gone = client.get("/customers/").context["page"].rows
    client.post(f"/customers/{customer.public_id}/restore/")

    assert gone == []
    assert [row.display_name for row in client.get("/customers/").context["page"].rows] == ["Lin"]
    kinds = [entry.sentence for entry in client.get(f"/customers/{customer.public_id}/").context["entries"]]
    assert kinds == ["Back from the archive", "Archived", "Customer added"]
