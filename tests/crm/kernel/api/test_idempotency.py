"""Answers are kept per address: what is long is told apart by its whole length."""

import pytest

from crm.kernel.api import idempotency
from crm.kernel.api.models import IdempotencyKey

LONG = "x" * 180


@pytest.mark.rule("PL-20")
def test_long_addresses_that_begin_alike_are_two():
    first, second = (idempotency.stored_route(f"POST api/v1/things/ /api/v1/things/{LONG}{end}/") for end in "ab")

    assert first != second
    assert max(len(first), len(second)) <= IdempotencyKey._meta.get_field("route").max_length
    assert idempotency.stored_route("POST a /a/") == "POST a /a/"
