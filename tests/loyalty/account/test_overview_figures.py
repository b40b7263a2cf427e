import csv
from io import StringIO
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.account import overview_figures
from loyalty.points import selectors


@pytest.mark.rule("LO-43")
def test_the_finance_file_sums_to_the_ledger(member: Any, client_as: Any, make_customer: Any, make_order: Any) -> None:
    make_order(make_customer(), "777")

    answer = client_as("manager").get("/loyalty/liability.csv")

    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(int(row["points"]) for row in rows) == selectors.points_totals(clock.now())["outstanding"] == 5777
    assert {row["currency"] for row in rows} == {"CNY"}


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
