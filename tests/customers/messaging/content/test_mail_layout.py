"""Why a mail says that it came: it claims consent only where there is some."""

from email import message_from_bytes, policy

import pytest

from crm.kernel import company
from crm.kernel.time import clock
from customers.messaging import consent
from customers.messaging.outbox.claims import claim_messages
from customers.messaging.outbox.preparation import EnvelopeSealer
from customers.messaging.policy import MessagingSettings

pytestmark = pytest.mark.rule("CU-46")
NOON = "2026-06-10T12:00:00+00:00"
LANGUAGES = ["en", "zh-hans", "zh-hant"]
CONSENT = {"en": "you agreed to hear", "zh-hans": "您同意接收", "zh-hant": "您同意接收"}
UNASKED = {"en": "without asking them first: Care", "zh-hans": "未事先征求同意", "zh-hant": "未事先徵求同意"}
SERVICE = {"en": "your order, account or question", "zh-hans": "您的订单", "zh-hant": "您的訂單"}


@pytest.fixture
def sealed(at, put):
    """Text and HTML of the mail as it would be handed over."""
    at(NOON)

    def seal(customer, **fields):
        put(customer, **fields)
        (message,) = claim_messages(clock.now(), 1)
        EnvelopeSealer().seal_message(message)
        mail = message_from_bytes(message.raw, policy=policy.default)
        return [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]

    return seal


@pytest.fixture
def without_asking(db):
    """The company writes care to who has said nothing."""
    company.change_settings(MessagingSettings, {"email_care": True}, by=None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("without_asking")
def test_mail_without_asking_claims_no_consent(sealed, make_customer, language):
    for part in sealed(make_customer(email="anna@shop.example", time_zone="UTC", language=language)):
        assert UNASKED[language] in part
        assert CONSENT[language] not in part
        assert "/u/" in part


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("without_asking")
def test_mail_to_who_agreed_says_so(sealed, willing, language):
    for part in sealed(willing(language=language)):
        assert CONSENT[language] in part
        assert UNASKED[language] not in part


@pytest.mark.usefixtures("without_asking")
def test_consent_to_another_topic_is_none_to_this_one(sealed, make_customer):
    customer = make_customer(email="anna@shop.example", time_zone="UTC", language="en")
    consent.give_consent(customer=customer, channel="email", topics=["news"], source="form", at=clock.now())
    consent.give_consent(customer=customer, channel="sms", topics=["care"], source="form", at=clock.now())

    for part in sealed(customer):
        assert UNASKED["en"] in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_service_mail_names_the_order_whatever_was_agreed(sealed, willing, language):
    for part in sealed(willing(language=language), purpose="ticket", topic="care"):
        assert SERVICE[language] in part
        assert CONSENT[language] not in part


@pytest.mark.usefixtures("without_asking")
@pytest.mark.parametrize(("topics", "said"), [(["care"], CONSENT["en"]), ([], UNASKED["en"])])
def test_page_of_a_message_shows_the_sentence_that_is_sent(at, put, make_customer, client_as, topics, said):
    at(NOON)
    customer = make_customer(email="anna@shop.example", language="en")
    consent.give_consent(customer=customer, channel="email", topics=topics, source="form", at=clock.now())

    page = client_as("admin").get(f"/messages/{put(customer).public_id}/html/").content.decode()

    assert said in page
