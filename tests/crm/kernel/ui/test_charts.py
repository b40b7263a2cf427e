"""Charts: the figures for the script and the same figures as a table."""

from decimal import Decimal

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
        {"name": "Retention", "role": "main", "values": [85.25, None], "n": [400, 410], "links": ["/c/?m=1", "/c/?m=2"]}
    ]
    assert payload["target"] == {"value": 87.0, "label": "Target"}
    assert payload["below"]["values"] == [1234, 5]


def test_table_holds_every_figure_with_its_people():
    chart = retention()

    assert chart.columns() == ["Retention", "Lost"]
    assert chart.rows() == [
        ("Jan", [ChartCell("85.2%", "/c/?m=1"), ChartCell("1,234")]),
        ("Feb", [ChartCell("–", "/c/?m=2"), ChartCell("5")]),
    ]


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
