"""docs/checklists/add-a-report-tile.md, followed: the number of buyers, planted as one module."""

import importlib.util
from datetime import timedelta

import pytest
from django.utils.html import escape

from crm.kernel.time import clock
from retention.reports.tiles import registry

MODULE = """
from crm.kernel.ui.key_figures import KeyFigure
from retention.reports.tiles.figures import format_count
from retention.reports.tiles.registry import TileInputs, register_tile


@register_tile(order=15)
def buyers_tile(inputs: TileInputs) -> KeyFigure:
    bought = inputs.now.purchases
    return KeyFigure(
        label="Buyers of the period",
        value=format_count(bought.buyers, inputs),
        url=inputs.links.group("buyers", inputs.window),
        meaning="Everybody who ordered.",
        detail=f"{bought.orders} orders",
    )
"""


@pytest.fixture
def buyers_tile(tmp_path, monkeypatch):
    """The tile as if its module stood in the package."""
    monkeypatch.setattr(registry, "_tiles", dict(registry._tiles))
    path = tmp_path / "buyers.py"
    path.write_text(MODULE)
    spec = importlib.util.spec_from_file_location("retention.reports.tiles.buyers", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def test_new_tile_stands_on_the_dashboard_in_its_place(buyers_tile, client_as, make_customer, make_order):
    for name in ("Ann", "Ben"):
        make_order(make_customer(name), 50, placed_at=clock.now() - timedelta(days=20))
    last = clock.now().date()
    query = f"?period=custom&start={last - timedelta(days=60)}&last={last}"

    response = client_as("manager").get(f"/retention/{query}")

    tiles = response.context["board"].tiles
    page = response.content.decode()
    assert [tile.label for tile in tiles][:3] == ["Customer retention rate", "Buyers of the period", "Churn rate"]
    assert (tiles[1].value, tiles[1].detail) == ("2", "2 orders")
    assert "Buyers of the period" in page
    assert escape(tiles[1].url) in page
