"""What a sign-up leaves: a customer, consent with its proof, and nothing before it is confirmed."""

import pytest
from django.core import mail

from crm.kernel.auth.signed_links import BadSignedLink
from crm.kernel.time import clock
from customers.messaging import consent, suppression
from customers.messaging.models import Consent, ConsentEntry, Suppression
from customers.messaging.signup import services
from customers.messaging.signup.services import SignupWish
from customers.profiles.models import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-40")]
WISH = SignupWish("Anna@Shop.example", "Anna Weber", "zh-hant", ("promotions", "news"), "2026-03-01T10:00:00+08:00")


def complete(is_confirmed: bool = True, wish: SignupWish = WISH) -> Customer:
    return services.complete_signup(wish=wish, at=clock.now(), is_confirmed=is_confirmed)


def test_confirmed_stranger_is_a_customer_who_agreed_once():
    first, again = complete(), complete()

    assert first == again == Customer.objects.get()
    assert (first.display_name, first.email, first.language) == ("Anna Weber", "Anna@Shop.example", "zh-hant")
    said = set(ConsentEntry.objects.values_list("topic", "state", "source", "wording_version"))
    assert said == {(topic, "given", "form", "sign-up-1") for topic in ("promotions", "news")}
    assert ConsentEntry.objects.filter(proof__contains="confirmed by the link").count() == 2


def test_known_address_in_other_letters_is_nobody_new(make_customer):
    anna = make_customer("Anna", email="anna@shop.example")

    assert complete() == anna
    assert Customer.objects.count() == 1
    assert anna.display_name == "Anna"


def test_confirmed_word_of_the_person_lifts_their_opt_out_and_an_unconfirmed_one_does_not(make_customer):
    anna = make_customer("Anna", email="anna@shop.example")
    consent.withdraw_consent(customer=anna, channel="email", topics=["news"], source="link", at=clock.now())
    suppression.suppress_address(
        channel="email", address="anna@shop.example", reason="unsubscribed_all", source="link", at=clock.now()
    )

    complete(is_confirmed=False)
    still = Suppression.objects.filter(lifted_at=None).count()
    complete()

    assert still == 1
    assert not Suppression.objects.filter(lifted_at=None).exists()
    assert Consent.objects.get(topic="news").state == "given"


def test_mail_carries_the_link_in_the_readers_language():
    assert services.send_confirmation(wish=WISH) is True

    (sent,) = mail.outbox
    signed = sent.body.partition("/sign-up/")[2].partition("/")[0]
    assert sent.to == ["Anna@Shop.example"]
    assert sent.subject.startswith("請確認")
    assert "Anna Weber，您好" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert services.read_wish(signed) == WISH
    assert not Customer.objects.exists()


@pytest.mark.parametrize(("reason", "leaves"), [("bounced", False), ("unsubscribed_all", True)])
def test_no_mail_goes_to_an_address_that_does_not_exist(reason, leaves):
    suppression.suppress_address(
        channel="email", address="anna@shop.example", reason=reason, source="test", at=clock.now()
    )

    assert services.send_confirmation(wish=WISH) is leaves
    assert len(mail.outbox) == leaves


def test_changed_link_is_no_wish():
    signed = WISH.sign()

    for damaged in (signed[:-2], signed.replace(":", "x", 1), "x" + signed):
        with pytest.raises(BadSignedLink):
            services.read_wish(damaged)
