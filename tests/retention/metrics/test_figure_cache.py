"""A kept figure is counted again when an order reaches into it, and only then."""

from datetime import UTC, date, datetime
from decimal import Decimal

from crm.kernel.time.periods import Period
from retention.metrics import figure_cache, selectors, windows

NOON = datetime(2026, 1, 1, 4, tzinfo=UTC)


def test_kept_figure_is_counted_again_only_when_an_order_reaches_into_it(
    history, make_customer, make_order, monkeypatch
):
    window = windows.metric_window(Period(date(2025, 1, 1), date(2025, 7, 1)))
    before = selectors.window_figures(window)
    counted = []
    count = windows.count_window
    monkeypatch.setattr(windows, "count_window", lambda *args: counted.append(1) or count(*args))

    make_order(make_customer(), placed_at=NOON)
    same = selectors.window_figures(window)
    make_order(make_customer(), "12.5", placed_at=datetime(2025, 3, 1, tzinfo=UTC))
    after = selectors.window_figures(window)

    assert same == before
    assert len(counted) == 1
    assert after.purchases.revenue == before.purchases.revenue + Decimal("12.5")
    assert after.bridge.new == before.bridge.new + 1


def test_event_that_commits_late_below_the_mark_is_noticed(history):
    window = windows.metric_window(Period(date(2025, 1, 1), date(2025, 7, 1)))
    selectors.window_figures(window)
    cell = figure_cache.MetricCell.objects.get()

    figure_cache.MetricCell.objects.update(events_below=cell.events_below - 1)

    assert figure_cache._valid_cells(list(figure_cache.MetricCell.objects.all())) == []
