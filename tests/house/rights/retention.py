"""Who may use the routes of care, risk, metrics and reports."""

from tests.house.matrix import Row

ROWS: list[Row] = [
    Row("retention:dashboard", "metrics.view"),
    Row("retention:dashboard_csv", "metrics.export"),
    Row("retention:at_risk_list", "metrics.view"),
]
ROWS.append(Row("api_metrics", scope="metrics:read"))
