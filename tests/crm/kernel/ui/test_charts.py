"""Charts: the figures for the script and the same figures as a table."""

from decimal import Decimal

import pytest

from crm.kernel import money
from crm.kernel.ui.charts import Chart, ChartCell, ChartSeries


def retention(**more):
    return Chart(
        key="trend",
        kind="line",
        summary="Retention rose.",
        x_labels=["Jan", "Feb"],
        unit="%",
        digits=1,
        series=[
            ChartSeries("Retention", [Decimal("85.25"), None], sample_sizes=[400, 410], links=["/c/?m=1", "/c/?m=2"])
        ],
        bars_below=ChartSeries("Lost", [1234, 5], role="lost"),
        **more,
    )


def test_payload_is_plain_json():
    payload = retention(target=(Decimal(87), "Target")).payload()

    assert payload["series"] == [
        {"name": "Retention", "role": "main", "values": [85.3, None], "n": [400, 410], "links": ["/c/?m=1", "/c/?m=2"]}
    ]
    assert payload["target"] == {"value": 87.0, "label": "Target"}
    assert payload["below"]["values"] == [1234, 5]


def test_table_holds_every_figure_with_its_people():
    chart = retention()

    assert chart.columns() == ["Retention", "Lost"]
    assert chart.rows() == [
        ("Jan", [ChartCell("85.3%", "/c/?m=1"), ChartCell("1,234")]),
        ("Feb", [ChartCell("–", "/c/?m=2"), ChartCell("5")]),
    ]


@pytest.mark.rule("RM-7")
@pytest.mark.parametrize(
    ("value", "digits", "drawn", "written"),
    [
        (Decimal("50.66"), 1, 50.7, "50.7%"),
        (Decimal("50.65"), 1, 50.7, "50.7%"),
        (Decimal("50.649"), 1, 50.6, "50.6%"),
        (50.65, 1, 50.7, "50.7%"),
        (2.5, 0, 3.0, "3%"),
        (Decimal("-0.5"), 0, -1.0, "-1%"),
        (Decimal("1234.995"), 2, 1235.0, "1,235.00%"),
    ],
)
def test_chart_table_and_tile_round_alike(value, digits, drawn, written):
    chart = Chart("k", "line", "", ["Jan"], [ChartSeries("Rate", [value])], unit="%", digits=digits)

    assert chart.payload()["series"][0]["values"] == [drawn]
    assert chart.rows()[0][1][0].text == written
    assert money.format_rate(Decimal(str(value)) / 100, "en", digits) == written


def test_chart_without_figures_says_so():
    empty = Chart(
        key="k", kind="line", summary="", x_labels=["Jan"], series=[ChartSeries("a", [None]), ChartSeries("b", [0])]
    )

    assert (empty.has_figures, retention().has_figures) == (False, True)


def test_legend_names_what_it_takes_more_than_one_to_tell_apart():
    rate = ChartSeries("Rate", [1, 2])
    before = ChartSeries("Before", [1, 1], role="earlier")
    lost = ChartSeries("Lost", [3, 4], role="lost")

    assert Chart("a", "line", "", ["x", "y"], [rate]).legend == []
    assert Chart("a", "line", "", ["x", "y"], [rate, before], bars_below=lost).legend == [
        ("Rate", "c1"),
        ("Before", "dash"),
        ("Lost", "sq c4"),
    ]
    assert Chart("a", "stacked", "", ["x", "y"], [rate, ChartSeries("Rest", [1, 1], role="c2")]).legend == [
        ("Rate", "sq c1"),
        ("Rest", "sq c2"),
    ]
