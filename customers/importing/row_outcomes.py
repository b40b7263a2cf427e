"""What becomes of rows while they are applied: rejected, or taken with a warning."""

from collections.abc import Sequence

from customers.importing.cell_parsing import RejectedCell
from customers.importing.choices import RowOutcome
from customers.importing.models import StagedRow


def reject_rows(rows: Sequence[StagedRow], refusal: RejectedCell) -> None:
    """All of these rows are rejected for the same reason."""
    for row in rows:
        row.outcome, row.column, row.reason = RowOutcome.REJECTED, refusal.target, refusal.reason[:300]


def warn_row(row: StagedRow, refusal: RejectedCell) -> None:
    """The row comes in, and says what of it did not."""
    row.warnings.append([refusal.target, refusal.reason[:300]])
