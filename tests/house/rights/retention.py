"""Who may use the routes of care, risk, metrics and reports."""

from tests.house import care_examples
from tests.house.matrix import SHARED, Row

ROWS: list[Row] = [
    Row("retention:dashboard", "metrics.view"),
    Row("retention:dashboard_csv", "metrics.export"),
    Row("retention:at_risk_list", ("metrics.view", "customers.view")),
    Row("retention:program_list", "care.view"),
    Row("retention:program", "care.view", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_customers", "care.view", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_log", "care.view", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_dry_run", "care.view", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_texts", "care.manage", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_texts", "care.manage", "post", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_start", "care.manage", at=care_examples.program_off, reach=SHARED),
    Row("retention:program_start", "care.manage", "post", at=care_examples.program_off, reach=SHARED),
    Row("retention:program_settings", "care.manage", "post", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_pause", "care.manage", "post", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_resume", "care.manage", "post", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_stop", "care.manage", "post", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_recall", "care.manage", "post", at=care_examples.program_of, reach=SHARED),
    Row("retention:program_test", "care.manage", "post", at=care_examples.program_of, reach=SHARED),
]
ROWS.append(Row("api_metrics", scope="metrics:read"))
