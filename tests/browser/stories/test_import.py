"""A shop's orders: brought in with the mouse, counted on the dashboard, and the people behind a number opened."""

import csv
import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from crm.kernel import company
from crm.kernel.company import CompanySettings
from tests.shared import SUPERSTORE

COLUMNS = ["Row ID", "Order ID", "Order Date", "Customer ID", "Customer Name", "Product ID", "Quantity", "Sales"]

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Orders:
    """A file of orders, and what whoever reads it line by line finds in it."""

    path: Path
    rows: list[dict[str, str]]

    def count(self, column: str) -> int:
        return len({row[column] for row in self.rows})

    def buyers(self, year: str) -> int:
        return len({row["Customer ID"] for row in self.rows if row["Order Date"].startswith(year)})


@pytest.fixture
def orders(tmp_path) -> Orders:
    """The file of real orders that lies beside the repository, or where there is none, one made here."""
    path = SUPERSTORE if SUPERSTORE.is_file() else made(tmp_path / "orders.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return Orders(path, list(csv.DictReader(file)))


def made(path: Path) -> Path:
    """Customers who order in 2016 or also in 2017; two lines an order; too big to be read at once."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for n in range(3_000):
            order = n // 2
            person, year = (order % 400, 2016) if order < 500 else (order % 300, 2017)
            day = f"{year}-{order % 12 + 1:02}-{order % 28 + 1:02}"
            table.writerow([n + 1, f"O-{order}", day, f"C-{person}", f"Customer {person}", f"P-{n % 50}", 1, "19.90"])
    return path


def metrics(start: str, end: str) -> dict[str, object]:
    """What the command says of a window."""
    said = StringIO()
    call_command("metrics", "--start", start, "--end", end, "--json", stdout=said)
    return dict(json.loads(said.getvalue()))


@pytest.mark.rule("CU-30", "RM-7")
def test_import_dashboard_people_behind_a_number(shop, make_user, orders):
    manager = make_user("manager", scope="all")
    company.change_settings(CompanySettings, {"base_currency": "USD"}, by=manager)
    tab = shop.desk(manager)

    tab.goto(f"{shop.url}/imports/new/")
    tab.locator("input[type=file]").set_input_files(orders.path)
    tab.get_by_label("Made by").select_option("superstore")
    tab.get_by_role("button", name="Look at the file").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Match columns")
    tab.get_by_role("button", name="Check the rows").click()
    expect(tab.locator("[hx-get$='/state/']")).to_be_attached()
    shop.work("jobs")
    tab.get_by_role("button", name=f"Import {len(orders.rows):,} rows").click()
    expect(tab.locator("[hx-get$='/state/']")).to_be_attached()
    shop.work("jobs")
    expect(tab.get_by_text("Imported", exact=True)).to_be_visible()
    assert came_in(tab) == {
        "Customers": orders.count("Customer ID"),
        "Orders": orders.count("Order ID"),
        "Order lines": len(orders.rows),
    }

    tab.goto(f"{shop.url}/retention/")
    tab.get_by_label("From").fill("2017-01-01")
    tab.get_by_label("to", exact=True).fill("2017-12-31")
    tab.get_by_role("button", name="Show", exact=True).click()
    tab.wait_for_url("**start=2017-01-01**")
    told = metrics("2017-01-01", "2018-01-01")
    assert told["buyers"] == orders.buyers("2017")
    for group, name in (
        ("active_start", "S"),
        ("lost", "lost"),
        ("new", "new"),
        ("won_back", "won_back"),
        ("active_end", "E"),
    ):
        assert number_of(tab, f"a.eg-drill[href*='behind={group}&']") == told[name], group
    assert number_of(tab, "[aria-labelledby=purchases] .eg-kpi a") == told["buyers"]

    lost = tab.locator("a.eg-drill[href*='behind=lost&']")
    lost.click()
    tab.wait_for_url("**/customers/?behind=lost**")
    expect(tab.locator(".eg-head-meta")).to_contain_text(f"{told['lost']:,}")
    assert told["lost"]


def came_in(tab) -> dict[str, int]:
    """Added rows by content, as the report shows them."""
    rows = [row.locator("th, td").all_inner_texts() for row in tab.locator("table").first.locator("tbody tr").all()]
    return {row[0]: int(row[1].replace(",", "")) for row in rows if row[0] in ("Customers", "Orders", "Order lines")}


def number_of(tab, selector: str) -> int:
    return int(tab.locator(selector).first.inner_text().replace(",", ""))
