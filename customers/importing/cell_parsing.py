"""Parsing the text of a cell into a value, or refusing it with a reason that names the column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from crm.kernel import plain_text
from crm.kernel.time import zone_labels
from crm.kernel.ui import languages
from customers.importing import cell_dates, cell_numbers
from customers.importing.cell_dates import BadDate
from customers.importing.cell_numbers import BadNumber
from customers.orders.currencies import is_currency
from customers.profiles import countries, emails, phones, word_lists

T = TypeVar("T")
NEVER = datetime.max.replace(tzinfo=UTC)
# What stands for bytes that are no text in the file's encoding; what stood there is lost.
DAMAGED = "\ufffd"


class RejectedCell(Exception):
    """A cell that cannot be parsed: the field that it was for, and the reason in words."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"{target}: {reason}")
        self.target = target
        self.reason = reason


@dataclass(frozen=True)
class CellFormat:
    """How ambiguous cells are parsed: `date_orders` and `decimal_signs` say for each field what its whole column shows.

    `strict` rejects the row for a bad cell that it could do without.
    """

    currency: str
    zone: ZoneInfo
    date_orders: Mapping[str, str] = field(default_factory=dict)
    decimal_signs: Mapping[str, str] = field(default_factory=dict)
    region: str = "CN"
    today: date = date.max
    refused_from: datetime = NEVER
    strict: bool = False
    order_states: Mapping[str, str] = field(default_factory=dict)  # folded word of the file → state


def parse_text(target: str, cell: str, max_length: int) -> str:
    """Trimmed text, without invisible characters at its edges; too long or damaged is refused, never cut."""
    text = plain_text.trim_text(cell)
    if DAMAGED in text:
        raise RejectedCell(target, _("holds bytes that are no text in the encoding of the file"))
    if "\x00" in text:
        raise RejectedCell(target, _("contains a NUL character"))
    if len(text) > max_length:
        raise RejectedCell(target, _("longer than %(n)s characters") % {"n": max_length})
    return text


def parse_reference(target: str, cell: str, max_length: int) -> str:
    """A number or id of another system: text in which nothing is hidden."""
    text = parse_text(target, cell, max_length)
    if not text.isascii() and plain_text.has_hidden_character(text):
        raise RejectedCell(target, _("%(value)s has an invisible character inside") % {"value": text})
    return text


def parse_email(target: str, cell: str) -> str | None:
    """An e-mail address as given, or None for blank."""
    text = parse_text(target, cell, 1000)
    return _parse(target, lambda: emails.parse_email(text), emails.BadEmail) if text else None


def parse_phone(target: str, cell: str, *regions: str) -> str | None:
    """E.164; a number without country code is judged by the first of these countries that has such a number."""
    text = parse_text(target, cell, 60)
    return _parse(target, lambda: phones.normalize_phone(text, *regions), phones.BadPhone) if text else None


def parse_country(target: str, cell: str) -> str:
    """The code of a country that is given by code or name."""
    text = parse_text(target, cell, 200)
    if (code := countries.find_country(text)) is None:
        raise RejectedCell(target, _("%(value)s is no country that we know") % {"value": text})
    return code


def parse_language(target: str, cell: str) -> str:
    """One of our languages."""
    text = parse_text(target, cell, 100)
    if (code := languages.find_language(text)) is None:
        raise RejectedCell(target, _("%(value)s is none of our languages, so the company's is used") % {"value": text})
    return code


def parse_time_zone(target: str, cell: str) -> str:
    """A time zone, by its name or the label of another system."""
    text = parse_text(target, cell, 100)
    if (zone := zone_labels.find_zone(text)) is None:
        raise RejectedCell(target, _("%(value)s is no time zone") % {"value": text})
    return zone


def parse_decimal(target: str, cell: str, cell_format: CellFormat | None = None) -> Decimal:
    """A number in any usual writing; see `cell_numbers.parse_number`."""
    sign = cell_format.decimal_signs.get(target, "") if cell_format else ""
    return _parse(target, lambda: cell_numbers.parse_number(cell, sign), BadNumber).value


def parse_money(target: str, cell: str, cell_format: CellFormat | None = None) -> Decimal:
    """A price, a discount, an amount: not below zero."""
    value = parse_decimal(target, cell, cell_format)
    if value < 0:
        raise RejectedCell(target, _("%(value)s is below zero") % {"value": cell.strip()})
    return value


def parse_quantity(target: str, cell: str, cell_format: CellFormat | None = None) -> Decimal:
    """Above zero; a counting word behind it (`2 pcs`, `3件`) is understood."""
    value = parse_decimal(target, cell_numbers.without_counting_word(cell), cell_format)
    if value <= 0 or value != value.quantize(Decimal("0.001")):
        raise RejectedCell(target, _("%(value)s is no quantity") % {"value": cell.strip()})
    return value


def parse_date(target: str, cell: str, cell_format: CellFormat) -> date:
    """A calendar day, in the order that the column shows."""
    return _parse(target, lambda: cell_dates.parse_date(cell, cell_format.date_orders.get(target, "")), BadDate)


def parse_instant(target: str, cell: str, cell_format: CellFormat) -> datetime:
    """An instant in UTC; without an offset it is local time of the file's zone."""
    order = cell_format.date_orders.get(target, "")
    return _parse(target, lambda: cell_dates.parse_instant(cell, order, cell_format.zone), BadDate)


def parse_birthday(target: str, cell: str, cell_format: CellFormat) -> dict[str, Any]:
    """The fields of a birthday, the year where given; {} for blank."""
    order = cell_format.date_orders.get(target, "")
    if not plain_text.trim_text(cell):
        return {}
    return _parse(target, lambda: cell_dates.parse_birthday(cell, order, cell_format.today), BadDate)


def parse_tags(target: str, cell: str) -> list[str]:
    """The tags of a cell, each once."""
    return [parse_text(target, word, 40) for word in word_lists.split_words(cell)]


def parse_currency(target: str, cell: str, default: str) -> str:
    """Three letters, or the file's currency where blank."""
    name = plain_text.trim_text(cell).upper()
    if name and not is_currency(name):
        raise RejectedCell(target, _("%(value)s is no currency") % {"value": cell.strip()})
    return name or default


def _parse(target: str, parse: Callable[[], T], refusal: type[Exception]) -> T:
    try:
        return parse()
    except refusal as error:
        raise RejectedCell(target, str(error)) from error
