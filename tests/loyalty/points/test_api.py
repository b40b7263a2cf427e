from typing import Any

import pytest

from crm.kernel.time import clock
from customers.profiles.models import ExternalId
from loyalty.points import api
from loyalty.points.models import EarningRule


def test_the_answer_is_the_balance_with_the_next_expiry(member: Any, spend: Any, at: Any, make_order: Any) -> None:
    spend(member, 1200)

    answer = api.balance_answer(member)

    assert answer["customer"] == member.public_id
    assert [answer[name] for name in ("posted", "available", "pending", "debt", "expires_next")] == [
        3800,
        3800,
        0,
        0,
        3800,
    ]
    assert str(answer["expires_on"]) > clock.now().date().isoformat()


def test_a_newcomer_has_nothing(programme: EarningRule, make_customer: Any) -> None:
    answer = api.balance_answer(make_customer())

    assert (answer["posted"], answer["available"], answer["expires_on"]) == (0, 0, None)


def test_a_customer_is_found_by_either_reference_or_not_at_all(member: Any) -> None:
    ExternalId.objects.create(customer=member, source="pos", value="77")

    assert api.get_customer_or_404(member.public_id) == api.get_customer_or_404("external:pos:77") == member
    with pytest.raises(api.NotFound):
        api.get_customer_or_404("external:pos:78")
