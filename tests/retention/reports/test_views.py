"""The dashboard through HTTP: its numbers are the command's, its links list as many people, bad input is named."""

import re
from datetime import date, timedelta

import pytest

from crm.kernel.time import clock
from crm.kernel.time.periods import Period
from retention.metrics import selectors, windows
from retention.risk import services as risk


@pytest.fixture
def shop(make_customer, make_order):
    """Two years of a small shop, in a zone east of Greenwich."""
    now = clock.now()
    for person in range(12):
        customer = make_customer(f"Customer {person}")
        for order in range(person % 4 + 1):
            make_order(customer, 50 + person, placed_at=now - timedelta(days=30 * person + 97 * order + 1))


@pytest.mark.rule("RM-7")
def test_dashboard_shows_the_figures_of_the_command(shop, client_as):
    window = windows.metric_window(Period(date(2026, 1, 1), date(2026, 7, 1)))

    page = client_as("manager").get("/retention/?period=custom&start=2026-01-01&last=2026-06-30").content.decode()

    report = selectors.metrics_report(window)
    links = dict(
        re.findall(r'href="/customers/\?behind=(\w+)&amp;start=2026-01-01&amp;end=2026-07-01[^"]*">(\d+)</a>', page)
    )
    assert {name: int(links[name]) for name in ("active_start", "lost", "new", "won_back", "active_end")} == {
        "active_start": report["S"],
        "lost": report["lost"],
        "new": report["new"],
        "won_back": report["won_back"],
        "active_end": report["E"],
    }


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("period=never", "period"),
        ("start=2026-02-30&end=2026-03-01", "start"),
        ("start=2026-03-01&end=2026-02-01", "end"),
    ],
)
def test_wrong_period_is_a_400_that_names_the_parameter(client_as, query, named):
    response = client_as("manager").get(f"/retention/?{query}")

    assert response.status_code == 400
    assert named in response.content.decode().split('role="alert"')[-1]


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(("language", "said"), [("en", "“own” is none of"), ("zh-hans", "“own”不是可选的期间")])
def test_wrong_period_is_refused_in_the_language_of_the_reader(client_as, language, said):
    page = client_as("manager", language=language).get("/retention/?period=own").content.decode()

    assert said in page


@pytest.mark.rule("S88")
def test_at_risk_list_says_why(shop, client_as, make_customer, make_order):
    customer = make_customer("Late Lin")
    for back in (80, 110, 140):
        make_order(customer, placed_at=clock.now() - timedelta(days=back))

    risk.score_customers(at=clock.now())

    page = client_as("sales").get("/retention/at-risk/").content.decode()

    assert "Late Lin" in page
    assert "80 days quiet, usually buys every 30" in page


@pytest.mark.rule("S20")
def test_csv_carries_definition_and_figures(shop, client_as):
    response = client_as("manager").get("/retention/dashboard.csv?period=last_year")

    text = response.content.decode("utf-8-sig")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert text.startswith("Active days,365,Computed,")
    assert len(text.splitlines()) > 25
