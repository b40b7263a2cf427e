"""The same figures for page, API and command."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from crm.kernel.time.periods import Period
from retention.metrics import selectors, windows


@pytest.mark.rule("RM-2")
def test_command_prints_the_dashboard_figures_and_refuses_a_backward_window(history):
    out = StringIO()
    call_command("metrics", "--start", "2025-01-01", "--end", "2026-01-01", "--json", stdout=out)
    refused = StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("metrics", "--start", "2026-01-01", "--end", "2025-01-01", "--json", stdout=refused)

    window = windows.metric_window(Period(date(2025, 1, 1), date(2026, 1, 1)))
    assert json.loads(out.getvalue()) == selectors.metrics_report(window)
    assert stop.value.code == 1
    assert "end" in json.loads(refused.getvalue())["detail"]


@pytest.mark.django_db
def test_window_without_customers_has_no_rates():
    found = selectors.metrics_report(windows.metric_window(Period(date(2025, 1, 1), date(2025, 2, 1))))

    assert (found["S"], found["retention"], found["churn"], found["repeat_purchase_rate"]) == (0, None, None, None)
    assert found["net_revenue"] == "0.0000"
