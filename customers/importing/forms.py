"""Forms of the wizard: the file, where its columns go, how cells are parsed."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.time import zones
from crm.kernel.ui.form_layout import FormLayoutMixin
from customers.importing import file_reader, state_words
from customers.importing.choices import DateOrder, DecimalSign, ImportKind, ImportMode
from customers.importing.columns import COLUMNS_BY_KIND
from customers.importing.models import Import
from customers.importing.presets import PRESETS
from customers.messaging.consent import WORDING_LENGTH
from customers.orders.choices import OrderState
from customers.orders.currencies import is_currency

FIND_OUT = ("", _("as the whole column shows"))
BAD_CELLS = [("", _("Keep the row without the cell, and warn")), ("yes", _("Leave the row out"))]
COLUMN_PREFIX, STATE_PREFIX = "column-", "state-"
ASK_LATER = ("", _("Leave these rows out"))


class ImportUploadForm(forms.Form):
    """A file and what is in it."""

    kind = forms.ChoiceField(
        label=_("What is in the file"), choices=ImportKind.choices, widget=forms.RadioSelect, initial="orders"
    )
    preset = forms.ChoiceField(
        label=_("Made by"),
        required=False,
        choices=[("", _("Find out"))] + [(key, preset.name) for key, preset in PRESETS.items()],
    )
    file = forms.FileField(label=_("File"), help_text=_("CSV or Excel, up to 200 MB"))


class ImportMappingForm(FormLayoutMixin, forms.Form):
    """Where each column goes, and how cells are read.

    Columns are fields called `column-0`, `column-1` …, unknown words for the state of an order `state-0`, `state-1` …
    """

    source = forms.SlugField(
        label=_("Source system"), max_length=40, help_text=_("Customer and order numbers are unique within it.")
    )
    mode = forms.ChoiceField(label=_("If a customer exists"), choices=ImportMode.choices, widget=forms.RadioSelect)
    encoding = forms.ChoiceField(
        label=_("Encoding"), required=False, choices=[(name, name) for name in file_reader.ENCODINGS]
    )
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$", label=_("Currency"), required=False, help_text=_("Where a row names none")
    )
    time_zone = forms.CharField(
        label=_("Time zone"), required=False, help_text=_("Of dates without an offset; empty: the company's")
    )
    date_order = forms.ChoiceField(
        label=_("Order of day and month"), choices=[FIND_OUT, *DateOrder.choices], required=False
    )
    decimal = forms.ChoiceField(label=_("Decimal sign"), choices=[FIND_OUT, *DecimalSign.choices], required=False)
    strict = forms.ChoiceField(
        label=_("Cells that cannot be read"),
        choices=BAD_CELLS,
        required=False,
        help_text=_("Birthday, phone, country and others that a row can do without"),
    )
    consent_wording = forms.CharField(
        label=_("Words that people agreed to"),
        max_length=WORDING_LENGTH,
        required=False,
        help_text=_("Their version, as in “sign-up form 3”. Without it, refusals are taken and agreements are not."),
    )
    live = forms.BooleanField(
        label=_("These orders happen now"),
        required=False,
        help_text=_("They start care, surveys and points. Leave it off for history."),
    )
    earn = forms.BooleanField(label=_("Let history earn points"), required=False)

    def __init__(self, *args: Any, batch: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        choices = [("", _("Do not import"))] + [(column.key, column.label) for column in COLUMNS_BY_KIND[batch.kind]]
        keys = {column: key for key, column in batch.mapping.items()}
        for place, column in enumerate(batch.columns):
            label = _("Field for %(column)s") % {"column": column}
            self.fields[f"{COLUMN_PREFIX}{place}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=keys.get(column, "")
            )
        self.state_words = state_words.words_to_ask_about(batch) if batch.kind == ImportKind.ORDERS else []
        meanings = batch.options.get("states") or {}
        for place, word in enumerate(self.state_words):
            self.fields[f"{STATE_PREFIX}{place}"] = forms.ChoiceField(
                label=state_words.word_label(word),
                choices=[ASK_LATER, *OrderState.choices],
                required=False,
                initial=meanings.get(word, ""),
            )
        if batch.kind == ImportKind.CUSTOMERS:
            for name in ("currency", "decimal", "live", "earn", "time_zone"):
                del self.fields[name]
        if not batch.encoding:
            del self.fields["encoding"]

    def build_layout(self) -> Layout:
        """How the file is read; `mode` and the columns stand elsewhere on the page."""
        names = (
            "source", "encoding", "strict", "consent_wording", "date_order", "decimal", "currency", "time_zone", "live",
            "earn",
        )  # fmt: skip
        return Layout(*(name for name in names if name in self.fields))

    def columns(self) -> list[tuple[str, list[str], Any]]:
        """(column, examples, field) of every column of the file, for the table."""
        examples = [
            [row[place] for row in self.batch.sample if place < len(row) and row[place].strip()][:2]
            for place in range(len(self.batch.columns))
        ]
        return [
            (column, examples[place], self[f"{COLUMN_PREFIX}{place}"])
            for place, column in enumerate(self.batch.columns)
        ]

    def states(self) -> list[Any]:
        """The fields of words that nobody knows."""
        return [self[f"{STATE_PREFIX}{place}"] for place in range(len(self.state_words))]

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone and zone not in zones.known_zones():
            raise forms.ValidationError(_("There is no such time zone; write it as Asia/Shanghai."))
        return zone

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if currency and not is_currency(currency):
            raise forms.ValidationError(_("must be a code of ISO 4217, as in CNY"))
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        mapping: dict[str, str] = {}
        for place, column in enumerate(self.batch.columns):
            key = cleaned.get(f"{COLUMN_PREFIX}{place}")
            if key in mapping:
                self.add_error(
                    f"{COLUMN_PREFIX}{place}", _("“%(other)s” goes there already.") % {"other": mapping[key]}
                )
            elif key:
                mapping[key] = column
        cleaned["mapping"] = mapping
        cleaned["states"] = {
            word: state
            for place, word in enumerate(self.state_words)
            if (state := cleaned.get(f"{STATE_PREFIX}{place}"))
        }
        return cleaned
