"""Forms of surveys: whom to ask, texts, a new survey, the answer."""

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth.models import User
from crm.kernel.ui import languages
from crm.kernel.ui.components import render_component
from crm.kernel.ui.form_layout import FormLayoutMixin
from customers.profiles.forms import get_customer_by_text
from customers.profiles.models import Customer
from feedback.surveys.defaults import TEMPLATES
from feedback.surveys.models import Question, Survey, localized_text
from feedback.surveys.question_kinds import get_scale
from feedback.surveys.services import AnswerInput
from feedback.surveys.survey_kinds import get_answer_group


class OneCustomerForm(forms.Form):
    """One customer, by e-mail address, phone number or id."""

    customer = forms.CharField(
        label=_("Customer"), max_length=254, help_text=_("E-mail address, phone number or customer id.")
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_customer(self) -> Customer:
        return get_customer_by_text(self.cleaned_data["customer"], self.user)


class SurveySendForm(FormLayoutMixin, forms.Form):
    """Whom to ask: customers named one by one, or everybody who bought lately."""

    CUSTOMERS_AT_MOST = 500

    who = forms.ChoiceField(
        label=_("Whom to ask"),
        choices=[("list", _("These customers")), ("buyers", _("Everybody who bought lately"))],
        initial="list",
    )
    customers = forms.CharField(
        label=_("Customers"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: e-mail address, phone number or customer id."),
    )
    bought_days = forms.IntegerField(
        label=_("Bought in the last … days"), min_value=1, max_value=3650, initial=30, required=False
    )
    by_link = forms.BooleanField(label=_("No mail: show me the links"), required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def build_layout(self) -> Layout:
        """Whom to ask, then what that choice needs; the style sheet shows one of the two."""
        return Layout(
            "who",
            Div("customers", "by_link", css_class="eg-form eg-if-list"),
            Div("bought_days", css_class="eg-form eg-if-buyers"),
        )

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        if words.get("who") == "buyers":
            if not words.get("bought_days"):
                self.add_error("bought_days", _("Say how many days."))
            return words
        words["named_customers"] = self._named_customers(words.get("customers", ""))
        return words

    def _named_customers(self, text: str) -> list[Customer]:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not lines:
            self.add_error("customers", _("Name at least one customer."))
        if len(lines) > self.CUSTOMERS_AT_MOST:
            self.add_error("customers", _("At most %(n)s customers at once.") % {"n": self.CUSTOMERS_AT_MOST})
            return []
        customers = []
        for line in lines:
            try:
                customers.append(get_customer_by_text(line, self.user))
            except forms.ValidationError as error:
                self.add_error("customers", f"{line[:60]}: {error.messages[0]}")
        return customers


class SurveyTextsForm(forms.Form):
    """Every text of a survey in one language; the other languages have their own form."""

    def __init__(self, survey: Survey, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey, self.language = survey, language
        self._add("title", _("Title"), survey.titles, required=True)
        self._add("intro", _("Line under the question"), survey.intros)
        for question in survey.ordered_questions:
            self._add(
                f"text_{question.pk}", _("Question %(n)s") % {"n": question.position}, question.texts, required=True
            )
            if question.is_scored:
                self._add(f"low_{question.pk}", _("Lowest answer"), question.low_labels)
                self._add(f"high_{question.pk}", _("Highest answer"), question.high_labels)
        for group, texts in survey.thanks.items():
            label = _("Thanks") if group == "all" else _("Thanks: %(group)s") % {"group": get_answer_group(group).label}
            self._add(f"thanks_{group}", label, texts, long=True)

    def _add(self, name: str, label: Any, texts: dict[str, str], *, required: bool = False, long: bool = False) -> None:
        widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
        field = forms.CharField(label=label, max_length=500, required=required, widget=widget)
        field.initial = texts.get(self.language, "")
        self.fields[name] = field

    def survey_texts(self) -> dict[str, Any]:
        """The survey's own texts with this language's words in place."""
        words = self.cleaned_data
        thanks = {
            group: {**texts, self.language: words[f"thanks_{group}"]} for group, texts in self.survey.thanks.items()
        }
        return {
            "titles": {**self.survey.titles, self.language: words["title"]},
            "intros": {**self.survey.intros, self.language: words["intro"]},
            "thanks": thanks,
        }

    def question_texts(self) -> dict[int, dict[str, Any]]:
        """The questions' texts with this language's words in place."""
        questions = {}
        for question in self.survey.ordered_questions:
            words = {"texts": {**question.texts, self.language: self.cleaned_data[f"text_{question.pk}"]}}
            if question.is_scored:
                words["low_labels"] = {**question.low_labels, self.language: self.cleaned_data[f"low_{question.pk}"]}
                words["high_labels"] = {**question.high_labels, self.language: self.cleaned_data[f"high_{question.pk}"]}
            questions[question.pk] = words
        return questions


class NewSurveyForm(forms.Form):
    """A new survey from a template."""

    template = forms.ChoiceField(
        label=_("Begin with"), choices=[], widget=forms.RadioSelect, initial=next(iter(TEMPLATES))
    )
    title = forms.CharField(label=_("Title"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [(key, _template_label(texts)) for key, texts in TEMPLATES.items()]  # type: ignore[attr-defined]


def _template_label(texts: dict[str, Any]) -> SafeString:
    """A template's title with the question that it asks."""
    title = languages.pick_text(texts["titles"], get_language() or "en")
    return render_component("choice_label", title=title, note=localized_text(texts["questions"][0]["texts"]))


class SurveyAnswerForm(forms.Form):
    """The questions of a survey, each by the field of its kind: the score is required, words are not."""

    def __init__(self, survey: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scored = next(question for question in survey.ordered_questions if question.is_scored)
        self.texts = [question for question in survey.ordered_questions if not question.is_scored]
        self.fields["score"] = self.scored.definition.form_field(self.scored.text)
        for question in self.texts:
            self.fields[f"text_{question.pk}"] = question.definition.form_field(question.text)

    @property
    def chosen(self) -> int | None:
        """The score that the page shows as chosen: what was sent, else what the link in the mail proposed."""
        value = self["score"].value()
        return int(value) if value is not None and str(value).isdigit() else None

    def steps(self) -> list[int]:
        return list(get_scale(self.scored.kind).scale)

    def text_fields(self) -> list[tuple[Question, forms.BoundField]]:
        return [(question, self[f"text_{question.pk}"]) for question in self.texts]

    def answer_input(self) -> AnswerInput:
        """The checked answer, as the service takes it."""
        words = {question.pk: self.cleaned_data[f"text_{question.pk}"] for question in self.texts}
        return AnswerInput(self.cleaned_data["score"], words)
