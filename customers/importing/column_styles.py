"""Order of day and month, and decimal sign: decided from all cells of a column, shown, and overruled by who knows better."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel.ui.languages import babel_locale
from customers.importing import cell_dates, cell_numbers
from customers.importing.cell_dates import DAY_FIRST, MIXED, MONTH_FIRST, SERIAL, YEAR_FIRST, BadDate, DateEvidence
from customers.importing.cell_numbers import COMMA, POINT, BadNumber, NumberEvidence
from customers.importing.cell_parsing import CellFormat
from customers.importing.choices import DateOrder, DecimalSign
from customers.importing.columns import DATE_KEYS, NUMBER_KEYS

DATE_ORDER_OPTION, DECIMAL_OPTION = "date_order", "decimal"
OPTION_VALUES = {DATE_ORDER_OPTION: DateOrder.values, DECIMAL_OPTION: DecimalSign.values}


class StyleDetector:
    """Sees every row of a file; `proven_styles` is what its columns prove, as it is kept with the import."""

    def __init__(self, keys: Iterable[str]) -> None:
        keys = list(keys)
        self.dates = {key: DateEvidence() for key in keys if key in DATE_KEYS}
        self.numbers = {key: NumberEvidence() for key in keys if key in NUMBER_KEYS}

    def add_row(self, values: Mapping[str, str]) -> None:
        """Take the cells of one more row into account."""
        for dates in self.dates.items():
            if cell := values[dates[0]]:
                dates[1].add_cell(cell)
        for numbers in self.numbers.items():
            if cell := values[numbers[0]]:
                numbers[1].add_cell(cell)

    def proven_styles(self) -> dict[str, dict[str, str]]:
        """Field → what is proven, a cell that could be two things, and one that shows the style."""
        styles = {key: _kept(one.order, one.unproven, one.sample) for key, one in self.dates.items() if one.cells}
        return styles | {
            key: _kept(one.sign, one.unproven, one.sample) for key, one in self.numbers.items() if one.sample
        }


@dataclass(frozen=True)
class ColumnReading:
    """How one column is read, with an example; `is_certain` is false where its cells could mean something else."""

    column: str
    style: str
    example: str
    value: date | Decimal | None
    is_certain: bool
    reason: str

    @property
    def value_text(self) -> str:
        """The example as the reader of the page would write it."""
        language = translation.get_language() or "en"
        if self.value is None:
            return ""
        if isinstance(self.value, date):
            return format_date(
                self.value, "d MMMM y" if language == "en" else "y年M月d日", locale=babel_locale(language)
            )
        return format_decimal(self.value, locale=babel_locale(language), decimal_quantization=False)


def date_orders(styles: Mapping[str, Mapping[str, str]], options: Mapping[str, str], region: str) -> dict[str, str]:
    """Field → order of day and month: as chosen, as its column proves, as another column of the file proves, as is usual."""
    chosen = options.get(DATE_ORDER_OPTION, "")
    usual = DAY_FIRST if cell_dates.usual_date_order(region) == DAY_FIRST else ""
    fallback = _proven_elsewhere(styles, DATE_KEYS, {DAY_FIRST, MONTH_FIRST}) or usual
    return {
        key: style["proven"] if style["proven"] == SERIAL else chosen or style["proven"] or fallback
        for key, style in styles.items()
        if key in DATE_KEYS
    }


def decimal_signs(styles: Mapping[str, Mapping[str, str]], options: Mapping[str, str]) -> dict[str, str]:
    """Field → decimal sign: as chosen, as its column proves, as another column of the file proves, else a point."""
    chosen = options.get(DECIMAL_OPTION, "")
    fallback = _proven_elsewhere(styles, NUMBER_KEYS, {COMMA, POINT})
    return {key: chosen or style["proven"] or fallback for key, style in styles.items() if key in NUMBER_KEYS}


def describe_styles(
    styles: Mapping[str, Mapping[str, str]],
    mapping: Mapping[str, str],
    options: Mapping[str, str],
    cell_format: CellFormat,
) -> list[ColumnReading]:
    """How each column of dates or numbers is read, in the order of the mapping."""
    return [
        _describe_date(mapping[key], styles[key], options, cell_format.date_orders.get(key, ""), key, cell_format)
        if key in DATE_KEYS
        else _describe_number(mapping[key], styles[key], options, cell_format.decimal_signs.get(key, ""))
        for key in mapping
        if key in styles
    ]


def _kept(proven: str, unproven: str, sample: str) -> dict[str, str]:
    return {"proven": proven, "unproven": unproven[:60], "sample": sample[:60]}


def _proven_elsewhere(styles: Mapping[str, Mapping[str, str]], keys: frozenset[str], known: set[str]) -> str:
    proven = {style["proven"] for key, style in styles.items() if key in keys} & known
    return proven.pop() if len(proven) == 1 else ""


def _describe_date(
    column: str, style: Mapping[str, str], options: Mapping[str, str], order: str, key: str, cell_format: CellFormat
) -> ColumnReading:
    labels = {
        DAY_FIRST: _("Day first"), MONTH_FIRST: _("Month first"), YEAR_FIRST: _("Year first"), MIXED: _("Day first and month first"),
        SERIAL: _("Day numbers of a spreadsheet"),
    }  # fmt: skip
    example = style["unproven"] or style["sample"]
    has_order = bool(style["unproven"] or style["proven"])
    by_dots = DAY_FIRST if "." in example else MONTH_FIRST
    is_certain = not style["unproven"] or bool(options.get(DATE_ORDER_OPTION)) or style["proven"] not in ("", MIXED)
    return ColumnReading(
        column,
        labels[order or by_dots] if has_order else _("Dates"),
        example,
        _example_day(example, order, key, cell_format),
        is_certain,
        "" if is_certain else _doubt(style["proven"], _("no date of the column shows which number is the day")),
    )


def _describe_number(column: str, style: Mapping[str, str], options: Mapping[str, str], sign: str) -> ColumnReading:
    labels = {COMMA: _("Decimal comma"), POINT: _("Decimal point"), MIXED: _("Decimal comma and point")}
    example = style["unproven"] or style["sample"]
    is_certain = not style["unproven"] or bool(options.get(DECIMAL_OPTION)) or style["proven"] not in ("", MIXED)
    try:
        value = cell_numbers.parse_number(cell_numbers.without_counting_word(example), sign).value
    except BadNumber:
        value = None
    doubt = "" if is_certain else _doubt(style["proven"], _("no number of the column shows what the sign parts"))
    return ColumnReading(column, labels[sign or POINT], example, value, is_certain, doubt)


def _doubt(proven: str, reason: str) -> str:
    return _("the column has both; what could be either is left out") if proven == MIXED else reason


def _example_day(cell: str, order: str, key: str, cell_format: CellFormat) -> date | None:
    try:
        if key == "birthday":
            born = cell_dates.parse_birthday(cell, order, cell_format.today)
            return date(born["birth_year"] or cell_format.today.year, born["birth_month"], born["birth_day"])
        return cell_dates.parse_instant(cell, order, cell_format.zone).astimezone(cell_format.zone).date()
    except (BadDate, ValueError):
        return None
