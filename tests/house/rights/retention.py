"""Who may use the routes of care, risk, metrics and reports."""

from tests.house.matrix import Row

ROWS: list[Row] = []
