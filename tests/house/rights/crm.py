"""Who may use the routes of what stands on the roof: the schema of the API and its page."""

from tests.house.matrix import PUBLIC, Row

ROWS: list[Row] = [Row("schema", PUBLIC), Row("api_docs", PUBLIC)]
