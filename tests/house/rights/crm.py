"""Who may use the routes of what stands on the roof: the schema of the API and its page."""

from tests.house.matrix import PUBLIC, SIGNED_IN, Row

ROWS: list[Row] = [Row("home", SIGNED_IN), Row("schema", PUBLIC), Row("api_docs", PUBLIC)]
