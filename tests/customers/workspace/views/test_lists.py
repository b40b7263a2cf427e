"""The list's page: whom it shows to whom, and what it costs."""

import pytest

from tests.customers.workspace.shown_list import URL, shown_names

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


@pytest.mark.rule("PL-10")
def test_only_records_of_the_scope_are_shown(make_customer, make_user, make_team, client_as):
    north, south = make_team("North"), make_team("South")
    me = make_user("sales", scope="own", team=north)
    make_customer("Mine", owner=me, team=north)
    make_customer("Colleague's", team=north)
    make_customer("Stranger's", team=south)
    client = client_as(me)

    own = shown_names(client)
    type(me).objects.filter(pk=me.pk).update(scope="team")
    team = shown_names(client)
    type(me).objects.filter(pk=me.pk).update(scope="all")

    assert own == {"Mine"}
    assert team == {"Mine", "Colleague's"}
    assert shown_names(client) == {"Mine", "Colleague's", "Stranger's"}


@pytest.mark.parametrize("query", ["", "q=ana", "q=gift", "tier=gold&quiet=1", "sort=-risk", "sort=name&cols=tags"])
@pytest.mark.rule("PL-41")
def test_cost_is_the_same_for_one_row_and_thirty(
    query, people, make_customer, client_as, django_assert_max_num_queries
):
    client = client_as(people["boss"])
    client.get(URL)

    with django_assert_max_num_queries(5 + 2):  # session and signed-in user
        client.get(f"{URL}?{query}")
    for number in range(30):
        make_customer(f"Ana {number}", tags=["gift"])
    with django_assert_max_num_queries(5 + 2):
        client.get(f"{URL}?{query}")


def test_htmx_gets_only_the_table(people, client_as):
    page = client_as(people["boss"]).get(f"{URL}?q=ana", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in page
    assert "Ana" in page


def test_empty_list_says_why(client_as):
    client = client_as("manager")

    assert "No customers yet" in client.get(URL).content.decode()
    assert "Nobody matches" in client.get(f"{URL}?tag=none").content.decode()
