"""What care says on the customer page."""

import pytest

from crm.kernel.time import clock
from retention.care import extensions, selectors


@pytest.mark.rule("RC-7", "PL-41")
@pytest.mark.parametrize("keys", [["birthday"], ["birthday", "lapsed-buyer", "points-expiring"]])
def test_page_asks_the_same_however_many_programmes_run(turn_on, make_reader, keys, django_assert_num_queries):
    for key in keys:
        turn_on(key)
    customer = make_reader(agrees=False)
    extensions.care_panel_context(customer, None)

    with django_assert_num_queries(4):
        shown = extensions.care_panel_context(customer, None)

    assert shown["against"] == ["There is no consent for this channel and topic."]
    assert len(selectors.refusal_reasons(customer, clock.now())) == len(keys)
