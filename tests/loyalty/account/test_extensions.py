from typing import Any

from loyalty.account import extensions


def test_the_panel_shows_members_only(member: Any, make_customer: Any, make_user: Any) -> None:
    user = make_user("service")

    context = extensions.loyalty_panel_context(member, user)

    assert context is not None
    assert (context["balance"].available, context["standing"].tier.code) == (5000, "silver")
    assert extensions.loyalty_panel_context(make_customer("Newcomer"), user) is None


def test_an_order_shows_what_it_did_to_the_account(member: Any, make_order: Any, make_user: Any, spend: Any) -> None:
    order, gift_only = make_order(member, "100"), make_order(member, "0")
    spend(member, 30, order_ref=f"{order.source}:{order.number}")

    context = extensions.order_points_context(order, make_user("service"))

    assert context is not None
    assert [entry.points for entry in context["entries"]] == [120, -30]
    assert context["waiting"].orders == ()
    assert extensions.order_points_context(gift_only, make_user("service")) is None
