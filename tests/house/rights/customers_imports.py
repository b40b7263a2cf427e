"""Who may use the import wizard."""

from tests.house.matrix import SHARED, Row
from tests.house.pages.customers_imports import uploaded

ROWS: list[Row] = [
    Row("customers:import_list", "customers.import"),
    Row("customers:import_new", "customers.import"),
    Row("customers:import_new", "customers.import", "post"),
    Row("customers:import", "customers.import", at=uploaded, reach=SHARED),
    Row("customers:import_map", "customers.import", "post", at=uploaded, reach=SHARED),
    Row("customers:import_start", "customers.import", "post", at=uploaded, reach=SHARED),
    Row("customers:import_resume", "customers.import", "post", at=uploaded, reach=SHARED),
    Row("customers:import_state", "customers.import", at=uploaded, reach=SHARED),
    Row("customers:import_rejected", "customers.import", at=uploaded, reach=SHARED),
    Row("customers:import_warnings", "customers.import", at=uploaded, reach=SHARED),
]
