"""Who may use the routes of points, rewards and the member page."""

from tests.house.matrix import Row

ROWS: list[Row] = []
