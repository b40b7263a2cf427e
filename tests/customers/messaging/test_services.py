"""What staff do with messages and templates."""

import pytest

from crm.kernel.time import clock
from customers.messaging import services
from customers.messaging.models import MessageTemplate


@pytest.mark.rule("CU-47")
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Dear {{ nmae }}", "nmae"), ("{% include 'x' %}", "double braces"), ("{{ name.__class__ }}", "double braces"),
        ("{{ 1 | join }}", "double braces"), ("", "both needed"),
    ],
)  # fmt: skip
def test_text_that_cannot_be_filled_is_refused(make_user, body, words):
    with pytest.raises(services.BadTemplateText, match=words):
        services.save_template(
            key="mine",
            name="Mine",
            purpose="care",
            topic="news",
            texts={"en": {"subject": "Hi", "body": body}},
            at=clock.now(),
            by=make_user(),
        )

    assert not MessageTemplate.objects.exists()
