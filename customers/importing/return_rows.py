"""Returns as rows of a file: goods of an order with a negative quantity or amount, or with the order that they return."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from crm.kernel import plain_text
from customers.importing.models import StagedRow
from customers.orders.rules import IncomingOrderLine

SIGNED_KEYS = ("quantity", "unit_price", "line_total")
MINUS = "-\N{MINUS SIGN}\N{EN DASH}"
# −3 · ¥ -12.00 · 12.00- · (12.00)
NEGATIVE_PATTERN = re.compile(rf"^\D*[{MINUS}]\D*\d|\d\s*[{MINUS}]\s*$|^\(.*\d.*\)$")
SIGNS_PATTERN = re.compile(rf"[{MINUS}()]")


def is_return(values: dict[str, str]) -> bool:
    """Whether the row gives goods back."""
    return bool(values.get("returned_order", "").strip()) or any(
        _is_negative(values.get(key, "")) for key in SIGNED_KEYS
    )


def unsign_return(values: dict[str, str]) -> dict[str, str]:
    """The row as a sale of what it gives back: the same goods with amounts above zero."""
    unsigned = {key: SIGNS_PATTERN.sub("", values[key]) for key in SIGNED_KEYS if _is_negative(values.get(key, ""))}
    return {**values, **unsigned}


def order_number_of(values: dict[str, str]) -> str:
    """The order that the row belongs to: the one that it returns, or its own."""
    return plain_text.trim_text(values.get("returned_order", "")) or plain_text.trim_text(
        values.get("order_number", "")
    )


def return_references(rows: Sequence[StagedRow], lines: dict[int, IncomingOrderLine]) -> dict[int, str]:
    """Row number → the reference of its refund: the same for the same row of another file; twins are told apart by their order."""
    seen: dict[str, int] = {}
    references: dict[int, str] = {}
    for row in rows:
        line = lines[row.row_no]
        content = "\x1f".join(
            (
                row.values.get("order_number", "").strip(),
                row.values.get("placed_at", "").strip(),
                line.line_ref,
                line.sku,
                f"{line.quantity:f}",
                f"{line.net:f}",
            )
        )
        seen[content] = seen.get(content, 0) + 1
        digest = hashlib.sha256(f"{content}\x1f{seen[content]}".encode()).hexdigest()
        references[row.row_no] = f"return-{digest[:16]}"
    return references


def _is_negative(cell: str) -> bool:
    return bool(NEGATIVE_PATTERN.search(unicodedata.normalize("NFKC", cell).strip()))
