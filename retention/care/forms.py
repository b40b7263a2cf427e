"""What staff type on the pages of care."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.ui.languages import LANGUAGE_CODES
from customers.messaging.content import template_catalog, template_language
from retention.care import message_variables, version_settings
from retention.care.models import CareProgram
from retention.care.steps.base import STEP_KINDS
from retention.care.triggers.base import TRIGGER_KINDS, TriggerSettingsForm
from retention.care.version_settings import VersionSettings

LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


def settings_form_class(kind: str) -> type[TriggerSettingsForm]:
    """The form of a kind of programme: the fields of its trigger, then those of each step that it may have."""
    trigger = TRIGGER_KINDS.get(kind)
    step_forms = [form for name in trigger.step_kinds if (form := STEP_KINDS.get(name).form_class)]
    # Django takes the fields of the last base first.
    return type("ProgramSettingsForm", (*reversed(step_forms), trigger.form_class), {})


def build_settings_form(program: CareProgram, data: Any = None) -> TriggerSettingsForm:
    """The form of the programme's kind, filled with what holds now."""
    initial = {**program.settings.values(), "holdout_percent": round(program.holdout_share * 100)}
    return settings_form_class(program.kind)(data, initial=initial)


def submitted_settings(program: CareProgram, form: TriggerSettingsForm) -> VersionSettings:
    """What a valid form says, as the settings of a version."""
    return version_settings.parse_settings(program.kind, form.cleaned_data)


class ProgramTextsForm(forms.Form):
    """Subject and body in the three languages; only variables that the programme fills may be used."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.variables = message_variables.program_variables(kind)
        for code in LANGUAGE_CODES:
            self.fields[f"subject_{code}"] = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
            self.fields[f"body_{code}"] = forms.CharField(
                label=gettext_lazy("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for code in LANGUAGE_CODES:
            for part in ("subject", "body"):
                self._check_text(f"{part}_{code}", part, cleaned.get(f"{part}_{code}", ""))
        return cleaned

    def _check_text(self, field: str, part: str, text: str) -> None:
        unknown = template_catalog.unknown_variables(self.variables, {part: text})
        if unknown:
            self.add_error(field, _("Nobody fills this: %(names)s") % {"names": ", ".join(sorted(unknown))})
        left = template_language.VARIABLE.sub("", text)
        if "{{" in left or "}}" in left or "{%" in left:
            self.add_error(field, _("Write variables as {{ name }}."))

    def texts(self) -> dict[str, dict[str, str]]:
        return {
            code: {part: self.cleaned_data[f"{part}_{code}"] for part in ("subject", "body")} for code in LANGUAGE_CODES
        }

    def fields_by_language(self) -> list[dict[str, Any]]:
        """The fields by language, for the page."""
        return [
            {
                "code": code,
                "name": LANGUAGE_NAMES[code],
                "subject": self[f"subject_{code}"],
                "body": self[f"body_{code}"],
            }
            for code in LANGUAGE_CODES
        ]


def build_texts_form(kind: str, texts: dict[str, dict[str, str]], data: Any = None) -> ProgramTextsForm:
    """The texts as they stand."""
    initial = {
        f"{part}_{code}": texts.get(code, {}).get(part, "") for code in LANGUAGE_CODES for part in ("subject", "body")
    }
    return ProgramTextsForm(data, kind=kind, initial=initial)


class ProgramStartForm(forms.Form):
    """What is stated before the start: the smallest effect that counts, in percentage points."""

    smallest_effect = forms.DecimalField(
        label=gettext_lazy("Smallest effect that counts, in percentage points"),
        min_value=Decimal("0.1"), max_value=Decimal(50), max_digits=5, decimal_places=2, required=False,
    )  # fmt: skip

    @property
    def smallest_effect_share(self) -> Decimal | None:
        points: Decimal | None = self.cleaned_data["smallest_effect"]
        return points / 100 if points is not None else None
