"""What a row says about the state of its order: paid or not, cancelled, and what of the money went back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from customers.importing import cell_parsing
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.optional_cells import OptionalCells
from customers.orders import order_states
from customers.orders.choices import STATUS_OF_STATE, OrderState, OrderStatus


@dataclass(frozen=True)
class OrderStateCells:
    """The state in our words; `refunded` is all that was given back so far, where the file says how much."""

    state: OrderState = OrderState.PAID
    cancelled_at: datetime | None = None
    refunded: Decimal | None = None
    refunded_at: datetime | None = None

    @property
    def status(self) -> OrderStatus:
        """A file without states holds paid orders; one with a day of cancelling is cancelled, whatever its payment."""
        return OrderStatus.CANCELLED if self.cancelled_at else STATUS_OF_STATE[self.state]


def parse_order_state(values: dict[str, str], cell_format: CellFormat, cells: OptionalCells) -> OrderStateCells:
    """Refused: RejectedCell, for a word that nobody knows (it is never taken as paid), for what is no order, and for an
    amount or a day of cancelling that cannot be read; a bad day of the refund only costs itself."""
    return OrderStateCells(
        state=_parse_state(values["order_status"], cell_format) if "order_status" in values else OrderState.PAID,
        cancelled_at=_parse_optional_instant("cancelled_at", values, cell_format),
        refunded=_parse_refunded(values, cell_format),
        refunded_at=cells.take(partial(_parse_optional_instant, "refunded_at", values, cell_format)),
    )


def _parse_state(cell: str, cell_format: CellFormat) -> OrderState:
    word = cell.strip()
    state = order_states.state_of_word(word, cell_format.order_states)
    if state is None:
        reason = _("“%(value)s” is no known state: say what it means where the columns are matched")
        if not word:
            reason = _("the state is empty: say what that means where the columns are matched")
        raise RejectedCell("order_status", reason % {"value": word})
    if state == OrderState.NOT_AN_ORDER:
        raise RejectedCell("order_status", _("“%(value)s” is no order yet") % {"value": word})
    return state


def _parse_refunded(values: dict[str, str], cell_format: CellFormat) -> Decimal | None:
    if not values.get("refund_amount", "").strip():
        return None
    # Some shops write what they gave back with a minus sign.
    return abs(cell_parsing.parse_decimal("refund_amount", values["refund_amount"], cell_format))


def _parse_optional_instant(target: str, values: dict[str, str], cell_format: CellFormat) -> datetime | None:
    if not values.get(target, "").strip():
        return None
    return cell_parsing.parse_instant(target, values[target], cell_format)
