"""The page of the day says who of one's own customers may be leaving."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from retention.reports import today_cards
from retention.risk import services


@pytest.fixture
def late(make_customer, make_order):
    """A customer who is late by his own rhythm, of an owner."""

    def make(name, owner, total="100"):
        customer = make_customer(name, owner=owner)
        for days in (130, 100, 70):
            make_order(customer, total, placed_at=clock.now() - timedelta(days=days, minutes=5))
        services.score_customers(at=clock.now())
        return customer

    return make


def test_own_customers_at_risk_come_first_by_value(late, make_user):
    me, other = make_user("sales", scope="all"), make_user("sales")
    late("small", me), late("large", me, "900"), late("another's", other, "5000")

    card = today_cards.at_risk_card_context(me)

    assert (card["own"], [row.customer.display_name for row in card["rows"]]) == (True, ["large", "small"])
    assert today_cards.AT_RISK_TILE.count(me) == 2


def test_who_owns_none_at_risk_sees_those_of_his_scope(late, make_user):
    manager = make_user("manager")
    late("Lin", make_user("sales"))

    card = today_cards.at_risk_card_context(manager)

    assert (card["own"], [row.customer.display_name for row in card["rows"]]) == (False, ["Lin"])
    assert today_cards.at_risk_card_context(make_user("sales", scope="own")) is None


def test_page_shows_the_card_and_the_tiles(late, make_user, client_as):
    me = make_user("sales", scope="all")
    late("Lin Jiayi", me)

    page = client_as(me).get("/today/").content.decode()

    assert "70 days quiet, usually buys every 30" in page
    assert "/customers/?risk=high&amp;risk=mid&amp;owner=me&amp;sort=-risk" in page
