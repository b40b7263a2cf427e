"""The customer list: who is shown for which address, to whom, at what cost."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.urls import reverse

from crm.kernel.time import clock
from customers.messaging.models import Consent
from customers.profiles import facts, services
from customers.profiles.models import Customer
from customers.workspace import sockets
from customers.workspace.sockets import DrilldownSource

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]
URL = "/customers/"


def shown(client, query: str = "") -> set[str]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, query
    return {row.display_name for row in response.context["page"].rows}


@pytest.fixture
def people(make_customer, make_order, make_user):
    """Ana bought twice long ago, Bo once yesterday, Cy never, Di is archived."""
    boss, now = make_user("manager"), clock.now()
    ana = make_customer(
        "Ana", email="ana@example.com", tags=["VIP", "gift"], owner=boss, language="en", value_grade="A"
    )
    bo = make_customer("Bo", phone="+8613800000001", tags=["gift"], language="zh-hans")
    cy = make_customer("Cy", at=now - timedelta(days=400))
    di = make_customer("Di")
    for days in (200, 100):
        make_order(ana, "300", placed_at=now - timedelta(days=days), channel="online")
    make_order(bo, "40", placed_at=now - timedelta(days=1), channel="store", store="静安店", number="SL-9001")
    facts.push_facts("tier", {ana.pk: ("gold", 3), bo.pk: ("silver", 2)}, now)
    facts.push_facts("risk", {ana.pk: ("high", 78), bo.pk: ("low", 5)}, now)
    Consent.objects.create(customer=ana, channel="email", topic="care", state="given", source="staff", at=now)
    services.archive_customer(customer=di, at=now, by=boss)
    return {"boss": boss, "ana": ana, "bo": bo, "cy": cy, "di": di}


FILTERS = [
    ("", {"Ana", "Bo", "Cy"}),
    ("q=ana", {"Ana"}),
    ("q=SL-9001", {"Bo"}),
    ("q=sl-9001", {"Bo"}),
    ("tag=gift", {"Ana", "Bo"}),
    ("tag=VIP&tag=other", {"Ana"}),
    ("tier=gold", {"Ana"}),
    ("tier=gold&tier=silver", {"Ana", "Bo"}),
    ("risk=high", {"Ana"}),
    ("quiet=60", {"Ana"}),
    ("bought=7", {"Bo"}),
    ("orders_min=1", {"Ana", "Bo"}),
    ("orders_min=2", {"Ana"}),
    ("orders_min=0", {"Ana", "Bo", "Cy"}),
    ("orders_max=0", {"Cy"}),
    ("orders_max=1", {"Bo", "Cy"}),
    ("spend_min=600", {"Ana"}),
    ("spend_max=40.00", {"Bo", "Cy"}),
    (f"store={quote('静安店')}", {"Bo"}),
    ("channel=online", {"Ana"}),
    ("consent=email", {"Ana"}),
    ("grade=A", {"Ana"}),
    ("language=zh-hans", {"Bo"}),
    ("owner=none", {"Bo", "Cy"}),
    ("owner=me", {"Ana"}),
    ("archived=on", {"Di"}),
    ("quiet=60&tag=gift&tier=gold", {"Ana"}),
    ("quiet=60&tier=silver", set()),
]


def test_each_filter_lets_through_exactly_whom_it_says(people, client_as):
    client = client_as(people["boss"])

    found = {query: shown(client, query) for query, _expected in FILTERS}

    assert found == dict(FILTERS)


def test_created_days_are_days_of_the_reader(make_customer, client_as):
    """23:30 in Shanghai on the 9th is still the 9th there."""
    make_customer("Late", at=clock.now().replace(year=2026, month=3, day=9, hour=15, minute=30))
    client = client_as("manager", time_zone="Asia/Shanghai")

    assert shown(client, "created_from=2026-03-09&created_to=2026-03-09") == {"Late"}
    assert shown(client, "created_from=2026-03-10") == set()


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


def test_unknown_sort_falls_back(people, client_as):
    response = client_as("manager").get(f"{URL}?sort=;drop")

    assert response.context["page"].sort == "-last"


@pytest.mark.rule("PL-10")
def test_only_records_of_the_scope_are_shown(make_customer, make_user, make_team, client_as):
    north, south = make_team("North"), make_team("South")
    me = make_user("sales", scope="own", team=north)
    make_customer("Mine", owner=me, team=north)
    make_customer("Colleague's", team=north)
    make_customer("Stranger's", team=south)
    client = client_as(me)

    own = shown(client)
    type(me).objects.filter(pk=me.pk).update(scope="team")
    team = shown(client)
    type(me).objects.filter(pk=me.pk).update(scope="all")

    assert own == {"Mine"}
    assert team == {"Mine", "Colleague's"}
    assert shown(client) == {"Mine", "Colleague's", "Stranger's"}


@pytest.mark.parametrize(("role", "address"), [("sales", "lin@example.com"), ("marketing", "l•••@example.com")])
def test_contact_data_is_masked_for_who_may_not_see_it(role, address, make_customer, client_as):
    make_customer("Lin", email="lin@example.com", phone="+8613812342217")

    page = client_as(role).get(f"{URL}?cols=email&cols=phone").content.decode()

    assert address in page
    assert ("lin@example.com" in page) == (role == "sales")
    assert ("1234 2217" in page) == (role == "sales")


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


def test_pages_hold_every_customer_once_both_ways(make_customer, make_order, client_as):
    """Over customers with ties and customers who never bought."""
    now = clock.now()
    for number in range(120):
        customer = make_customer(f"C{number:03}")
        if number % 3:
            make_order(customer, "10", placed_at=now - timedelta(days=number % 5))
    client, names, pages = client_as("manager"), list[str](), []
    url = URL
    while url:
        pages.append(client.get(url).context["page"])
        names += [row.display_name for row in pages[-1].rows]
        url = f"{URL}?cursor={pages[-1].next_cursor}" if pages[-1].next_cursor else ""
    last = pages[-1]
    back = [row.display_name for row in last.rows]
    while last.previous_cursor:
        last = client.get(f"{URL}?cursor={last.previous_cursor}").context["page"]
        back = [row.display_name for row in last.rows] + back

    assert len(pages) == 3
    assert sorted(names) == [f"C{number:03}" for number in range(120)]
    assert back == names


def test_htmx_gets_only_the_table(people, client_as):
    page = client_as(people["boss"]).get(f"{URL}?q=ana", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in page
    assert "Ana" in page


@pytest.mark.rule("CU-5")
def test_number_opens_exactly_the_people_behind_it(people, make_order, client_as):
    product = make_order(people["ana"], "5").lines.get().product
    client = client_as(people["boss"])

    figure = client.get(reverse("customers:product", args=[product.public_id])).context["figures"].buyers
    response = client.get(f"{URL}?behind=product_buyers&product={product.public_id}")

    assert {row.display_name for row in response.context["page"].rows} == {"Ana", "Bo"}
    assert response.context["count_text"] == str(figure) == "2"


def test_behind_a_number_archived_people_count_and_the_count_is_exact(make_customer, client_as, make_user, monkeypatch):
    everybody = DrilldownSource(
        "all", lambda arguments: f"All of {arguments['of']}", lambda arguments, user: Customer.objects.values("pk")
    )
    monkeypatch.setitem(sockets.drilldown_sources, "all", everybody)
    gone, now = make_customer("Gone"), clock.now()
    Customer.objects.bulk_create(
        Customer(display_name=f"C{n}", sort_key=f"c{n}", created_at=now, updated_at=now) for n in range(1100)
    )
    services.archive_customer(customer=gone, at=now, by=make_user("manager"))

    response = client_as("manager").get(f"{URL}?behind=all&of=us")

    assert response.context["count_text"] == "1,101"
    assert response.context["drilldown"].label == "All of us"
    assert client_as("manager").get(URL).context["count_text"] == "more than 1,000"


def test_number_of_another_right_stays_closed(monkeypatch, client_as):
    offer = DrilldownSource(
        "secret", lambda arguments: "", lambda arguments, user: Customer.objects.none(), "audit.view"
    )
    monkeypatch.setitem(sockets.drilldown_sources, "secret", offer)

    assert client_as("sales").get(f"{URL}?behind=secret").status_code == 400
    assert client_as("manager").get(f"{URL}?behind=secret").status_code == 200


def test_sorts_follow_their_column(people, client_as):
    client = client_as(people["boss"])

    def order(sort: str) -> list[str]:
        return [row.display_name for row in client.get(f"{URL}?sort={sort}").context["page"].rows]

    assert order("name") == ["Ana", "Bo", "Cy"]
    assert order("-spend") == ["Ana", "Bo", "Cy"]
    assert order("spend") == ["Bo", "Ana", "Cy"]
    assert order("-last") == ["Bo", "Ana", "Cy"]
    assert order("risk") == ["Bo", "Ana", "Cy"]
    assert order("created")[0] == "Cy"


def test_row_tells_orders_spend_and_last_place(people, client_as):
    page = client_as(people["boss"]).get(URL).context["page"]
    row = next(row for row in page.rows if row.display_name == "Bo")

    assert (row.order_count, row.net_spend) == (1, Decimal("40.0000"))
    assert row.last_order == {"store": "静安店", "channel": "store"}


def test_empty_list_says_why(client_as):
    client = client_as("manager")

    assert "No customers yet" in client.get(URL).content.decode()
    assert "Nobody matches" in client.get(f"{URL}?tag=none").content.decode()
