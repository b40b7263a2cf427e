"""Forms of messaging: what they require, and the fields that they have."""

import pytest

from customers.messaging.forms import ConsentForm, SettleMessageForm, TemplateForm, WriteMailForm

pytestmark = pytest.mark.django_db


@pytest.mark.rule("CU-43")
@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"what": "sent"}, ["reason"]),
        ({"what": "x", "reason": "y"}, ["what"]),
        ({"what": "again", "reason": "y"}, []),
    ],
)
def test_settling_needs_a_known_decision_and_a_reason(sent, wrong):
    assert list(SettleMessageForm(sent).errors) == wrong


@pytest.mark.parametrize(("value", "given"), [("1", True), ("0", False)])
def test_consent_is_given_or_withdrawn(value, given):
    form = ConsentForm({"channel": "email", "topic": "care", "given": value})

    assert form.is_valid()
    assert form.cleaned_data["given"] is given


def test_each_mail_form_has_a_number_of_its_own():
    assert WriteMailForm().initial["once"] != WriteMailForm().initial["once"]


@pytest.mark.rule("CU-47")
def test_declared_template_keeps_its_key_name_purpose_and_topic():
    own, declared = TemplateForm(), TemplateForm(declared=True)

    assert set(own.fields) - set(declared.fields) == {"key", "name", "purpose", "topic"}
    assert {"subject_en", "body_en", "subject_zh-hant", "body_zh-hant"} <= set(declared.fields)
