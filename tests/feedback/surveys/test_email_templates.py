"""The mails of surveys."""

import pytest

from customers.messaging.content import template_catalog
from feedback.surveys import email_templates, question_kinds


@pytest.mark.parametrize("scale", question_kinds.registered_scales(), ids=lambda scale: scale.key)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_mail_asks_the_question_with_a_link_for_every_step(scale, language):
    template = template_catalog.declared_templates[email_templates.template_key(scale)]

    text = template.texts[language]
    assert "{{ question }}" in text["body"]
    assert [f"{{{{ link }}}}?score={step})" in text["body"] for step in scale.scale] == [True] * len(scale.scale)
    assert "]({{ link }})" in text["body"]
    assert text["subject"]


def test_keys_of_the_mails_stay_as_they_are_stored():
    keys = [email_templates.template_key(scale) for scale in question_kinds.registered_scales()]

    assert keys == ["survey_nps_nps", "survey_csat_stars", "survey_csat_thumbs"]
