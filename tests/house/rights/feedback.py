"""Who may use the routes of surveys and tickets."""

from tests.house.matrix import Row

ROWS: list[Row] = []
