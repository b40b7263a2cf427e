"""Parsing the text of a cell into a value, or refusing it with a reason that names the column."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from customers.orders.choices import OrderStatus
from customers.orders.rules import is_currency
from customers.profiles import phones

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
# Beyond these no calendar, zone and page can be trusted; such a date is a slip of the keyboard.
FIRST_YEAR, LAST_YEAR = 1900, 2100
NEVER = datetime.max.replace(tzinfo=UTC)
DATE_PATTERN = re.compile(r"^(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?$")
SHORT_YEAR_PATTERN = re.compile(r"^\d{1,2}\D+\d{1,2}\D+\d{1,2}\D?$")
MONTH_DAY_PATTERN = re.compile(r"^(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
# Addresses of the plainest kind, which Django's validator lets pass too; it takes 20 µs for each.
PLAIN_EMAIL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9]{1,63}\.)+[A-Za-z]{2,63}")
CANCELLED = {"cancelled", "canceled", "voided", "已取消", "取消", "trash", "failed", "wc-cancelled"}
DELIVERED = {"delivered", "completed", "fulfilled", "已完成", "完成", "wc-completed"}
PENDING = {"pending", "placed", "on-hold", "unpaid", "待付款", "wc-pending", "wc-on-hold"}


class RejectedCell(Exception):
    """A cell that cannot be parsed: the field that it was for, and the reason in words."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"{target}: {reason}")
        self.target = target
        self.reason = reason


@dataclass(frozen=True)
class CellFormat:
    """How ambiguous cells are parsed."""

    currency: str
    zone: ZoneInfo
    date_order: str = MONTH_FIRST
    region: str = "CN"
    today: date = date.max
    refused_from: datetime = NEVER


def parse_text(target: str, cell: str, max_length: int) -> str:
    """Trimmed text without control characters; too long is refused, never cut."""
    cleaned = cell.strip()
    if "\x00" in cleaned:
        raise RejectedCell(target, _("contains a NUL character"))
    if len(cleaned) > max_length:
        raise RejectedCell(target, _("longer than %(n)s characters") % {"n": max_length})
    return cleaned


def parse_email(target: str, cell: str) -> str | None:
    """An e-mail address as given, or None for blank."""
    cleaned = parse_text(target, cell, 254)
    if not cleaned or PLAIN_EMAIL.fullmatch(cleaned):
        return cleaned or None
    try:
        validate_email(cleaned)
    except ValidationError as error:
        raise RejectedCell(target, _("%(value)s is no e-mail address") % {"value": cleaned}) from error
    return cleaned


def parse_phone(target: str, cell: str, region: str) -> str | None:
    """E.164; full-width digits and separators are understood, a number without country code is of `region`."""
    cleaned = parse_text(target, cell, 60)
    if not cleaned:
        return None
    try:
        return phones.normalize_phone(cleaned, region)
    except phones.BadPhone as error:
        raise RejectedCell(target, _("%(value)s is no phone number") % {"value": cleaned}) from error


def parse_decimal(target: str, cell: str) -> Decimal:
    """A decimal: `1,234.50`, `1.234,50`, `¥99`, `(5.00)`; at most four decimals are kept exactly, more are refused."""
    cleaned = unicodedata.normalize("NFKC", cell).strip()
    negative = cleaned.startswith("(") and cleaned.endswith(")")
    bare = re.sub(r"[^\d.,+\-eE]", "", cleaned)
    if "," in bare and "." in bare:
        bare = bare.replace("." if bare.rfind(",") > bare.rfind(".") else ",", "").replace(",", ".")
    elif "," in bare:
        bare = bare.replace(",", "" if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", bare) else ".")
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise RejectedCell(target, _("%(value)s is no number") % {"value": cell.strip() or "''"}) from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
        raise RejectedCell(target, _("%(value)s is out of range") % {"value": cell.strip()})
    if value != value.quantize(Decimal("0.0001")):
        raise RejectedCell(target, _("%(value)s has more than four decimals") % {"value": cell.strip()})
    return -value if negative else value


def parse_money(target: str, cell: str) -> Decimal:
    """A price, a discount, an amount: not below zero."""
    value = parse_decimal(target, cell)
    if value < 0:
        raise RejectedCell(target, _("%(value)s is below zero") % {"value": cell.strip()})
    return value


def parse_quantity(target: str, cell: str) -> Decimal:
    """Above zero."""
    value = parse_decimal(target, cell)
    if value <= 0 or value != value.quantize(Decimal("0.001")):
        raise RejectedCell(target, _("%(value)s is no quantity") % {"value": cell.strip()})
    return value


def parse_date(target: str, cell: str, cell_format: CellFormat) -> date:
    """A calendar day: ISO, 2026/1/31, 2026年1月31日, and day or month first as the file's order says."""
    cleaned = unicodedata.normalize("NFKC", cell).strip()
    match = DATE_PATTERN.match(cleaned)
    if match is None:
        raise RejectedCell(target, _("%(value)s is no date") % {"value": cleaned or "''"})
    first, second, third = (int(part) for part in match.groups())
    if first > 31 or len(match[1]) > 2:
        year, month, number = first, second, third
    else:
        year = third if third > 99 else 2000 + third
        month, number = (first, second) if cell_format.date_order == MONTH_FIRST else (second, first)
    try:
        return date(year, month, number)
    except ValueError as error:
        raise RejectedCell(target, _("%(value)s is no date") % {"value": cleaned}) from error


def parse_instant(target: str, cell: str, cell_format: CellFormat) -> datetime:
    """An instant in UTC; without an offset it is local time, without a time it is the day's first one."""
    cleaned = unicodedata.normalize("NFKC", cell).strip()
    try:
        value = datetime.fromisoformat(re.sub(r"\s+UTC$", "+00:00", re.sub(r"\s+([+-]\d{2}:?\d{2})$", r"\1", cleaned)))
    except ValueError:
        head, _space, clock = cleaned.partition(" ")
        value = _localize(target, parse_date(target, head, cell_format), clock.strip(), cleaned)
    if not FIRST_YEAR <= value.year < LAST_YEAR:
        raise RejectedCell(target, _("%(value)s is out of range") % {"value": cleaned})
    return (value if value.tzinfo else value.replace(tzinfo=cell_format.zone)).astimezone(UTC)


def _localize(target: str, at: date, clock: str, cell: str) -> datetime:
    for pattern in ("%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M:%S %p", ""):
        try:
            return datetime.combine(at, datetime.strptime(clock, pattern).time())
        except ValueError:
            continue
    raise RejectedCell(target, _("%(value)s is no date") % {"value": cell})


def parse_birthday(target: str, cell: str, cell_format: CellFormat) -> dict[str, Any]:
    """Month and day, the year where given: 1991-06-06, 6/6, 6月6日; nobody is born before 1900 or after today.

    1900 stands for *no year* in the exports of other systems. A short year is the last one of its kind: 6/6/91 is 1991.
    """
    cleaned = unicodedata.normalize("NFKC", cell).strip()
    if not cleaned:
        return {}
    if short := MONTH_DAY_PATTERN.match(cleaned):
        month, number = int(short[1]), int(short[2])
        try:
            date(2024, month, number)
        except ValueError as error:
            raise RejectedCell(target, _("%(value)s is no date") % {"value": cleaned}) from error
        return {"birth_month": month, "birth_day": number, "birth_year": None}
    bare = cleaned.split(" ")[0].split("T")[0]
    birthday = parse_date(target, bare if DATE_PATTERN.match(bare) else cleaned, cell_format)
    if birthday > cell_format.today and SHORT_YEAR_PATTERN.match(bare):
        birthday = birthday.replace(year=birthday.year - 100)
    if birthday.year < FIRST_YEAR or birthday > cell_format.today:
        raise RejectedCell(target, _("%(value)s is out of range") % {"value": cleaned})
    return {
        "birth_month": birthday.month,
        "birth_day": birthday.day,
        "birth_year": birthday.year if birthday.year > 1900 else None,
    }


def parse_order_status(cell: str) -> str:
    """Our status for what shops call the state of an order; an unknown word means paid."""
    name = cell.strip().casefold()
    if name in CANCELLED:
        return OrderStatus.CANCELLED.value
    if name in DELIVERED:
        return OrderStatus.DELIVERED.value
    return OrderStatus.PLACED.value if name in PENDING else OrderStatus.PAID.value


def parse_currency(target: str, cell: str, default: str) -> str:
    """Three letters, or the file's currency where blank."""
    name = cell.strip().upper()
    if name and not is_currency(name):
        raise RejectedCell(target, _("%(value)s is no currency") % {"value": cell.strip()})
    return name or default
