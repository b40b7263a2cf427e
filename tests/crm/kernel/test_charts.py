"""Charts: the figures for the script and the same figures as a table."""

from decimal import Decimal

from crm.kernel.charts import Cell, Chart, Series


def retention(**more):
    return Chart(
        key="trend",
        kind="line",
        says="Retention rose.",
        x=["Jan", "Feb"],
        unit="%",
        digits=1,
        series=[Series("Retention", [Decimal("85.25"), None], n=[400, 410], links=["/c/?m=1", "/c/?m=2"])],
        below=Series("Lost", [1234, 5], role="lost"),
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
        ("Jan", [Cell("85.2%", "/c/?m=1"), Cell("1,234")]),
        ("Feb", [Cell("–", "/c/?m=2"), Cell("5")]),
    ]


def test_chart_without_figures_says_so():
    empty = Chart(key="k", kind="line", says="", x=["Jan"], series=[Series("a", [None]), Series("b", [0])])

    assert (empty.has_figures, retention().has_figures) == (False, True)
