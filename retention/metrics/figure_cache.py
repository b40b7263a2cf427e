"""Cells: a counted figure is kept, and counted again only when an order event reaches into its window."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from crm.kernel.background.events.queries import EventsSinceMark, events_since_marks, get_newest_mark
from crm.kernel.time import clock
from customers.orders.events import OrderCancelled, OrderChanged, OrderRecorded, OrderRefunded
from retention.metrics.models import MetricCell
from retention.metrics.queries import READ_CELLS_SQL

UPDATED_FIELDS = ["figures", "reaches_to", "event_mark", "events_below", "computed_at"]
ORDER_EVENTS = [event.name for event in (OrderRecorded, OrderChanged, OrderCancelled, OrderRefunded)]


@dataclass(frozen=True)
class FigureRequest:
    """A figure by its key, the instant up to which orders matter to it, and how to count it."""

    key: str
    reaches_to: datetime
    count: Callable[[], Any]


@dataclass(frozen=True)
class CachedFigure:
    """A figure with the time it was counted."""

    figures: Any
    computed_at: datetime


def get_figures(requests: list[FigureRequest]) -> dict[str, CachedFigure]:
    """Figures by key: kept ones that still hold, the others counted now and kept. Two queries when all hold."""
    valid_cells = _valid_cells(_stored_cells([request.key for request in requests]))
    figures_by_key = {cell.key: CachedFigure(cell.figures, cell.computed_at) for cell in valid_cells}
    missing = [request for request in requests if request.key not in figures_by_key]
    if missing:
        figures_by_key.update(_count_missing(missing))
    return figures_by_key


def _stored_cells(keys: list[str]) -> list[MetricCell]:
    """Read without a query set, which takes as long to write its SQL as PostgreSQL to answer it."""
    with connection.cursor() as cursor:
        cursor.execute(READ_CELLS_SQL, [keys])
        return [
            MetricCell(
                key=key, figures=json.loads(figures), reaches_to=to, event_mark=mark, events_below=below, computed_at=at
            )
            for key, figures, to, mark, below, at in cursor.fetchall()
        ]


def _valid_cells(cells: list[MetricCell]) -> list[MetricCell]:
    if not cells:
        return []
    marks = sorted({cell.event_mark for cell in cells})
    events_by_mark = events_since_marks(marks, names=ORDER_EVENTS, earliest_field="earliest")
    return [cell for cell in cells if _is_valid(cell, events_by_mark[cell.event_mark])]


def _is_valid(cell: MetricCell, events: EventsSinceMark) -> bool:
    """No event came to light below the mark, and none above it reaches into the window."""
    if events.events_below != cell.events_below or events.is_unknown:
        return False
    return events.newest_id <= cell.event_mark or events.earliest is None or cell.reaches_to <= events.earliest


def _count_missing(missing: list[FigureRequest]) -> dict[str, CachedFigure]:
    mark = get_newest_mark(ORDER_EVENTS)
    now = clock.now()
    cells = [
        MetricCell(
            key=request.key,
            figures=request.count(),
            reaches_to=request.reaches_to,
            event_mark=mark.newest_id,
            events_below=mark.events_below,
            computed_at=now,
        )
        for request in missing
    ]
    MetricCell.objects.bulk_create(cells, update_conflicts=True, unique_fields=["key"], update_fields=UPDATED_FIELDS)
    return {cell.key: CachedFigure(cell.figures, now) for cell in cells}


def clear_figures() -> int:
    """Drop every kept figure, after a change that no order event tells of (a definition, a mended database)."""
    deleted, _rows = MetricCell.objects.all().delete()
    return deleted
