"""The tiles that there are, each once and in its order."""

from retention.reports.tiles import registry


def test_every_tile_of_the_folder_stands_in_the_row_in_its_order():
    places = sorted(registry._tiles.items(), key=lambda item: item[1])

    assert [tile.__name__ for tile, _order in places] == [
        "retention_tile",
        "churn_tile",
        "repeat_purchase_tile",
        "lifetime_value_tile",
        "nps_tile",
    ]
    assert len({order for _tile, order in places}) == len(places)
