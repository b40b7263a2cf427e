"""The customer list: who is shown for which address, to whom, at what cost."""

import pytest

from tests.customers.workspace.shown_list import URL

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("quiet=x", "quiet"), ("quiet=0", "quiet"), ("orders_min=-1", "orders_min"), ("spend_min=abc", "spend_min"),
        ("created_from=2026-02-30", "created_from"), ("consent=pigeon", "consent"), ("grade=Z", "grade"),
        ("language=xx", "language"), ("q=" + "a" * 101, "q"), ("q=%00", "q"), ("tag=" + "t" * 81, "tag"),
        ("store=%00", "store"), ("cursor=zzz", "cursor"), ("behind=nothing", "behind"),
        ("behind=product_buyers&product=pr_0", "product"), ("owner=%00", "owner"), ("tier=%00", "tier"),
    ],
)  # fmt: skip
@pytest.mark.rule("PL-51")
def test_wrong_parameter_is_refused_by_name(query, name, client_as):
    response = client_as("manager").get(f"{URL}?{query}")

    assert response.status_code == 400
    assert name in response.context["message"]
