import csv
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.account import overview_figures
from loyalty.points import selectors, services


@pytest.mark.rule("LO-43")
def test_the_finance_file_sums_to_the_ledger(member: Any, client_as: Any, make_customer: Any, make_order: Any) -> None:
    make_order(make_customer(), "777")

    answer = client_as("manager").get("/loyalty/liability.csv")

    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(int(row["points"]) for row in rows) == selectors.points_totals(clock.now())["outstanding"] == 5777
    assert {row["currency"] for row in rows} == {"CNY"}


@pytest.mark.rule("LO-43")
def test_liability_is_what_is_left_by_the_month_of_its_last_day(
    change_rule: Any,
    make_customer: Any,
    make_order: Any,
    spend: Any,
    at: Any,
    change_program: Any,
    make_user: Any,
) -> None:
    """Two cents a point: 300 end in January, less 100 spent; 50 in March; 7 never do; 40 have ended."""
    change_program(point_value=Decimal("0.02"))
    customer = make_customer()
    for day, total in (("2025-11-20", "40"), ("2026-01-31", "300"), ("2026-03-01", "50")):
        at(f"{day}T23:30:00+08:00")
        make_order(customer, total)
    at("2026-12-01T00:00:00+08:00")
    spend(customer, 100)
    change_rule(expiry_mode="never")
    services.credit_points(customer=customer, points=7, system="gift", source_id="g", at=clock.now())

    rows = overview_figures.liability_rows(clock.now())
    overview = overview_figures.get_loyalty_overview(clock.now(), make_user("manager"))

    assert [(month, points, str(value.amount)) for month, points, value in rows] == [
        ("2027-01", 200, "4.00"),
        ("2027-03", 50, "1.00"),
        ("", 7, "0.14"),
    ]
    assert (overview.outstanding, overview.liability.amount) == (257, Decimal("5.14"))


@pytest.mark.rule("LO-22")
def test_the_chart_leads_to_the_members_behind_a_month(member: Any, client_as: Any, balance: Any) -> None:
    month = balance(member).next_day.strftime("%Y-%m")
    client = client_as("manager")

    assert f"/loyalty/members/?ends={month}" in client.get("/loyalty/").content.decode()
    assert "林嘉怡" in client.get("/loyalty/members/", {"ends": month}).content.decode()
    assert "林嘉怡" not in client.get("/loyalty/members/", {"ends": "2020-01"}).content.decode()
    assert client.get("/loyalty/members/", {"ends": "2020-13", "tier": "'", "cursor": "x"}).status_code == 400


def test_figures_lead_to_the_members_only_for_who_sees_all(member: Any, make_user: Any) -> None:
    overview = overview_figures.get_loyalty_overview(clock.now(), make_user("manager"))

    linked = overview_figures.overview_key_figures(overview, "/members/")
    plain = overview_figures.overview_key_figures(overview, "")

    assert [figure.url for figure in linked] == ["/members/", "/members/", "/members/", "", ""]
    assert {figure.url for figure in plain} == {""}
    assert [figure.value for figure in plain][:3] == ["1", "5,000", "¥50"]
    assert plain[4].value == "not proved yet"
