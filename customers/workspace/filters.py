"""The filters of the customer list: its whole state stands in the address, and each parameter is validated."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.ui.listing.choices import ANY_CHOICE
from customers.messaging.choices import MessageChannel
from customers.profiles import facts, search

LONGEST_DAYS = 36_500
MOST_WORDS, LONGEST_WORD = 20, 80
GRADES = [(grade, grade) for grade in "ABCD"]


@dataclass(frozen=True)
class FilterChip:
    """A filter that is set: label and value, and the parameters that are removed to clear it."""

    label: str
    value: str
    names: tuple[str, ...]


class WordsField(forms.Field):
    """`?tier=gold&tier=silver` → ["gold", "silver"]; empty words are left out."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[str]:
        words = list(dict.fromkeys(word.strip() for word in value or [] if word.strip()))
        if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD or "\x00" in word for word in words):
            raise ValidationError(
                _("At most %(most)s words of %(long)s characters.") % {"most": MOST_WORDS, "long": LONGEST_WORD}
            )
        return words

    def prepare_value(self, value: Any) -> Any:
        return value or []


def _days_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=LONGEST_DAYS)


def _count_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=10**9)


def _amount_field(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, max_digits=15, decimal_places=2)


def _text_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=80)


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class CustomerFilter(forms.Form):
    """The filters of the customer list; every kind of fact with choices adds one of its own."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=search.LONGEST_QUERY)
    tag = WordsField(label=gettext_lazy("Tag"), required=False)
    owner = forms.CharField(label=gettext_lazy("Owner"), required=False, max_length=24)
    quiet = _days_field(gettext_lazy("Quiet for more than … days"))
    bought = _days_field(gettext_lazy("Bought within … days"))
    orders_min, orders_max = (
        _count_field(gettext_lazy("Orders, at least")),
        _count_field(gettext_lazy("Orders, at most")),
    )
    spend_min, spend_max = (
        _amount_field(gettext_lazy("Net spend, at least")),
        _amount_field(gettext_lazy("Net spend, at most")),
    )
    store, channel = _text_field(gettext_lazy("Bought in store")), _text_field(gettext_lazy("Bought through channel"))
    consent = forms.ChoiceField(
        label=gettext_lazy("Care messages allowed by"), required=False, choices=[ANY_CHOICE, *MessageChannel.choices]
    )
    created_from, created_to = _day_field(gettext_lazy("Added from")), _day_field(gettext_lazy("Added until"))
    grade = forms.ChoiceField(label=gettext_lazy("Value grade"), required=False, choices=[ANY_CHOICE, *GRADES])
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, choices=[ANY_CHOICE, *settings.LANGUAGES]
    )
    archived = forms.BooleanField(label=gettext_lazy("Archived customers"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in filterable_fact_kinds():
            self.fields[kind] = WordsField(label=facts.fact_label(kind), required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set, by name."""
        unset: tuple[Any, ...] = (None, "", [])
        return {name: value for name, value in self.cleaned_data.items() if value not in unset and value is not False}

    @property
    def first_error(self) -> str:
        """The first invalid field and why, as text."""
        name, errors = next(iter(self.errors.items()))
        return f"{self.fields[name].label} ({name}): {errors[0]}"

    def chips(self, owner_name: str = "") -> list[FilterChip]:
        """The filters that are set, as text."""
        return list(_filter_chips(self.chosen, owner_name))


def filterable_fact_kinds() -> list[str]:
    """The kinds of facts that lists may be filtered by."""
    return list(facts.fact_formats)


def _filter_chips(chosen: dict[str, Any], owner_name: str) -> Iterator[FilterChip]:
    for kind in filterable_fact_kinds():
        if kind in chosen:
            texts = [facts.format_fact(kind, value, None).text for value in chosen[kind]]
            yield FilterChip(str(facts.fact_label(kind)), _joined_by_or(texts), (kind,))
    if "tag" in chosen:
        yield FilterChip(_("Tag"), _joined_by_or(chosen["tag"]), ("tag",))
    if "owner" in chosen:
        yield FilterChip(_("Owner"), _owner_text(chosen["owner"], owner_name), ("owner",))
    if "quiet" in chosen:
        yield FilterChip(_("Quiet over"), _("%(n)s days") % {"n": chosen["quiet"]}, ("quiet",))
    if "bought" in chosen:
        yield FilterChip(_("Bought within"), _("%(n)s days") % {"n": chosen["bought"]}, ("bought",))
    yield from _range_chips(chosen, "orders_min", "orders_max", _("Orders"))
    yield from _range_chips(chosen, "spend_min", "spend_max", _("Net spend"))
    yield from _range_chips(chosen, "created_from", "created_to", _("Added"))
    for name, label in (("store", _("Store")), ("channel", _("Channel")), ("grade", _("Value grade"))):
        if name in chosen:
            yield FilterChip(label, chosen[name], (name,))
    if "consent" in chosen:
        yield FilterChip(_("May be written by"), str(MessageChannel(chosen["consent"]).label), ("consent",))
    if "language" in chosen:
        yield FilterChip(_("Language"), str(dict(settings.LANGUAGES)[chosen["language"]]), ("language",))
    if "archived" in chosen:
        yield FilterChip(_("Archived"), _("yes"), ("archived",))


def _joined_by_or(words: list[str]) -> str:
    return _(" or ").join(words)


def _owner_text(value: str, name: str) -> str:
    return {"me": _("me"), "none": _("nobody")}.get(value) or name or value


def _range_chips(chosen: dict[str, Any], low: str, high: str, label: str) -> Iterator[FilterChip]:
    at_least, at_most = chosen.get(low), chosen.get(high)
    if at_least is not None and at_most is not None:
        yield FilterChip(label, f"{at_least} – {at_most}", (low, high))
    elif at_least is not None:
        yield FilterChip(label, f"≥ {at_least}", (low,))
    elif at_most is not None:
        yield FilterChip(label, f"≤ {at_most}", (high,))
