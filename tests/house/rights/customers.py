"""Who may use the routes of customers, orders, messages and imports."""

from tests.house.matrix import Row

ROWS: list[Row] = []
