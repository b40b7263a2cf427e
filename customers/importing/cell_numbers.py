"""Numbers as people and programs write them; what is not understood is refused, never stripped until it is a number."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from crm.kernel import plain_text
from customers.importing.choices import DecimalSign
from customers.orders.currencies import is_currency

POINT, COMMA, MIXED = DecimalSign.POINT.value, DecimalSign.COMMA.value, "mixed"
# What nearly every cell holds; whatever decimal sign the column has, it is one number only.
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,2})?", re.ASCII)
NUMBER = re.compile(
    r"(?P<label>[^0-9]*)(?P<digits>[0-9](?:[0-9.,' ]*[0-9])?[.,]?)(?P<exponent>e[+-]?[0-9]+)?(?P<suffix>[^0-9]*)"
)
GROUPED = re.compile(r"[0-9]{1,3}(?:([ '])[0-9]{3}(?:\1[0-9]{3})*)?(?P<rest>(?:[.,][0-9]*)*)")
# 12,34,567 is how India groups.
COMMAS_GROUP = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
POINTS_GROUP = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
MULTIPLIERS = {"千": 10**3, "仟": 10**3, "k": 10**3, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
# A sign that one currency has; signs that several have name none.
CURRENCY_SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₫": "VND", "฿": "THB", "₺": "TRY", "₽": "RUB", "₱": "PHP",
    "₪": "ILS", "zł": "PLN", "r$": "BRL", "us$": "USD", "hk$": "HKD", "nt$": "TWD", "a$": "AUD", "au$": "AUD",
    "c$": "CAD", "ca$": "CAD", "s$": "SGD", "nz$": "NZD", "mx$": "MXN", "cn¥": "CNY", "jp¥": "JPY",
    "rmb": "CNY", "人民币": "CNY", "人民幣": "CNY", "円": "JPY", "港币": "HKD", "港幣": "HKD", "港元": "HKD",
    "新台币": "TWD", "新臺幣": "TWD", "新台幣": "TWD", "美元": "USD", "欧元": "EUR", "歐元": "EUR",
    "英镑": "GBP", "日元": "JPY", "$": "", "¥": "", "￥": "", "kr": "", "kr.": "", "rs": "", "rs.": "",
    "元": "", "圆": "", "圓": "", "块": "", "塊": "", "fr.": "", "sfr.": "", "lei": "",
}  # fmt: skip
COUNTING_WORD = re.compile(
    r"(?<=[0-9])\s*(?:[件个個只盒瓶包袋套份台条條双雙张張本]|pcs?\.?|stk\.?|stück)$", re.IGNORECASE
)
MINUS_SIGNS = str.maketrans("−–—‒‐‑﹣", "-------")
FLOAT_NOISE = re.compile(r"\.[0-9]{9,}|e-", re.IGNORECASE)
LARGEST = Decimal(10) ** 14
FOUR_DECIMALS = Decimal("0.0001")


class BadNumber(ValueError):
    """The text is no number, or could be two; the message says why."""


@dataclass(frozen=True)
class ParsedNumber:
    """A number, and the currency that is named beside it ('' where none is, or a sign that several have)."""

    value: Decimal
    currency: str = ""


@dataclass
class NumberEvidence:
    """Which decimal sign the cells of a column prove; `unproven` is a cell that could be two numbers, `sample` shows the style."""

    proven: frozenset[str] = frozenset()
    unproven: str = ""
    sample: str = ""

    def add_cell(self, cell: str) -> None:
        """Take one more cell into account."""
        if cell.isdigit():
            return
        sign = POINT if PLAIN_NUMBER.fullmatch(cell) else decimal_sign(cell)
        if sign is None:
            return
        self.sample = self.sample or cell
        if sign:
            self.proven |= {sign}
        elif not self.unproven:
            self.unproven = cell

    @property
    def sign(self) -> str:
        """The sign that is proven, `mixed` where both are, '' where none is."""
        return MIXED if len(self.proven) > 1 else next(iter(self.proven), "")


def parse_number(cell: str, sign: str = "") -> ParsedNumber:
    """`1,234.50`, `1.234,50`, `¥99`, `(5.00)`, `12.50 EUR`, `Rs. 500`, `1.2万`, `−3`. Refused: BadNumber.

    `sign` decides cells that could be two numbers, as 1.234; '' takes them as `1,234 = 1234` and `1.234 = 1.234`, and
    `mixed` refuses them. Up to four decimals are kept exactly; the noise of a spreadsheet's floats is rounded away.
    """
    if PLAIN_NUMBER.fullmatch(cell):
        return ParsedNumber(Decimal(cell))
    cleaned = _plain_writing(cell)
    inner, is_negative = _without_sign(cleaned)
    is_signed = inner != cleaned
    match = NUMBER.fullmatch(_point_to_digits(inner))
    if match is None:
        raise BadNumber(_("%(value)s is no number") % {"value": _quoted(cell)})
    found = _labelled(match["label"], match["suffix"])
    if found is None or (found.is_signed and is_signed):
        raise BadNumber(_("%(value)s is no number") % {"value": _quoted(cell)})
    value = _decimal(_decimal_digits(match["digits"], sign, cell) + (match["exponent"] or ""), cell) * found.multiplier
    if abs(value) >= LARGEST:
        raise BadNumber(_("%(value)s is out of range") % {"value": _quoted(cell)})
    return ParsedNumber(-value if is_negative or found.is_negative else value, found.currency)


def without_counting_word(cell: str) -> str:
    """`2 pcs` and `3件` as 2 and 3; anything else as it is."""
    return COUNTING_WORD.sub("", cell.strip())


def named_currency(cells: Mapping[str, str], keys: frozenset[str]) -> str:
    """The code of the one currency that these amounts name, or ''."""
    named = set()
    for key in keys:
        if (cell := cells.get(key)) and not PLAIN_NUMBER.fullmatch(cell):
            try:
                named.add(parse_number(cell).currency)
            except BadNumber:
                continue
    named.discard("")
    return named.pop() if len(named) == 1 else ""


def decimal_sign(cell: str) -> str | None:
    """The decimal sign that this cell proves, '' where it could be either, None where it says nothing of it."""
    match = NUMBER.fullmatch(_point_to_digits(_without_sign(_plain_writing(cell))[0]))
    if match is None or not ("," in match["digits"] or "." in match["digits"]):
        return None
    digits = re.sub("[ ']", "", match["digits"])
    if "," in digits and "." in digits:
        sign, mark, grouping = (
            (COMMA, ",", POINTS_GROUP) if digits.rfind(",") > digits.rfind(".") else (POINT, ".", COMMAS_GROUP)
        )
        whole, _mark, decimals = digits.partition(mark)
        return sign if grouping.fullmatch(whole) and decimals.isdigit() else None
    if "," in digits:
        if not COMMAS_GROUP.fullmatch(digits):
            return COMMA if digits.count(",") == 1 else None
        return "" if digits.count(",") == 1 else POINT
    if not POINTS_GROUP.fullmatch(digits):
        return POINT if digits.count(".") == 1 else None
    return "" if digits.count(".") == 1 else COMMA


def _plain_writing(cell: str) -> str:
    text = plain_text.trim_text(cell)
    if not text.isascii():
        text = plain_text.trim_text(unicodedata.normalize("NFKC", text).translate(MINUS_SIGNS))
    return text.replace("’", "'").casefold()


def _without_sign(text: str) -> tuple[str, bool]:
    """The text without the sign at its edge; in brackets or with a minus before or after it, it is below zero."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.endswith("-") and not text.endswith((",-", ".-")):
        return text[:-1].strip(), True
    text = text.removesuffix("-").rstrip(",.") if text.endswith((",-", ".-")) else text
    if text[:1] in ("-", "+"):
        return text[1:].strip(), text[0] == "-"
    return text, False


def _point_to_digits(text: str) -> str:
    """`.5` and `$.5` as 0.5; the point of `Rs.5` belongs to the letters."""
    return re.sub(r"(^|[^\w\s.,])([.,][0-9]+)", r"\g<1>0\2", text, count=1)


@dataclass(frozen=True)
class NumberWords:
    """What the words around the digits say: a sign, a multiplier, a currency."""

    is_signed: bool
    is_negative: bool
    multiplier: int
    currency: str


def _labelled(label: str, suffix: str) -> NumberWords | None:
    """What the words before and after the digits say; None where one of them is not understood."""
    label, suffix = label.strip(), suffix.strip()
    sign = label[-1:] if label[-1:] in ("-", "+") else ""
    label = label.removesuffix(sign).strip()
    multiplier = 1 if suffix[:1] == "k" and len(suffix) > 1 else MULTIPLIERS.get(suffix[:1], 1)
    if multiplier > 1:
        suffix = suffix[1:].strip()
    named = [_currency(word) for word in (label, suffix) if word]
    currencies = {currency for currency in named if currency}
    if None in named or len(currencies) > 1:
        return None
    return NumberWords(bool(sign), sign == "-", multiplier, next(iter(currencies), "") or "")


def _currency(word: str) -> str | None:
    if word in CURRENCY_SIGNS:
        return CURRENCY_SIGNS[word]
    code = "".join(word.split()).rstrip("$¥€£元").upper()
    return code if len(code) == 3 and code.isascii() and is_currency(code) else None


def _decimal_digits(digits: str, sign: str, cell: str) -> str:
    """The digits with a point before the decimals and nothing between groups."""
    if " " in digits or "'" in digits:
        if not GROUPED.fullmatch(digits):
            raise BadNumber(_("%(value)s is no number") % {"value": _quoted(cell)})
        digits = re.sub("[ ']", "", digits)
    if digits.isdigit():
        return digits
    proven = decimal_sign(digits)
    if proven is None or (proven == "" and sign == MIXED):
        reason = (
            _("%(value)s is no number")
            if proven is None
            else _("%(value)s could be two numbers: choose the decimal sign")
        )
        raise BadNumber(reason % {"value": _quoted(cell)})
    decimal = "," if (proven or sign or POINT) == COMMA else "."
    whole, _mark, part = digits.replace("," if decimal == "." else ".", "").partition(decimal)
    return f"{whole}.{part}" if part else whole


def _decimal(digits: str, cell: str) -> Decimal:
    try:
        value = Decimal(digits)
        if abs(value) >= LARGEST:
            raise BadNumber(_("%(value)s is out of range") % {"value": _quoted(cell)})
        rounded = value.quantize(FOUR_DECIMALS)
    except InvalidOperation as error:
        raise BadNumber(_("%(value)s is out of range") % {"value": _quoted(cell)}) from error
    if value != rounded and not FLOAT_NOISE.search(digits):
        raise BadNumber(_("%(value)s has more than four decimals") % {"value": _quoted(cell)})
    return rounded if value != rounded else value


def _quoted(cell: str) -> str:
    text = plain_text.trim_text(cell)
    return (text if len(text) <= 60 else f"{text[:59]}…") or "''"
