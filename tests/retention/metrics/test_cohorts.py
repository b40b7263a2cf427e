"""Cohorts against the lists behind their cells."""

from datetime import date

import pytest

from retention.metrics import cohorts, selectors


@pytest.mark.rule("RM-6")
def test_cohort_cells_are_the_lists_behind_them(history):
    zone = "Asia/Shanghai"

    table = selectors.fetch_figure(selectors.cohorts_query(date(2025, 12, 1), months=37))

    assert sum(cohort.size for cohort in table) > 10
    for cohort in table:
        assert cohorts.cohort_customers(cohort.month, zone).count() == cohort.size
        for months, people_back in cohort.returned.items():
            assert cohorts.returning_cohort_customers(cohort.month, months, zone).count() == people_back
