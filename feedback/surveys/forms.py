"""What comes in by the forms of surveys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.surveys import rules
from feedback.surveys.models import Question, Survey
from feedback.surveys.services import LONGEST_TEXT, Given


class AnswerForm(forms.Form):
    """The questions of a survey: the score is required, words are not."""

    def __init__(self, survey: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = list(survey.questions.all())
        self.scored = next(question for question in questions if question.is_scored)
        self.texts = [question for question in questions if not question.is_scored]
        self.fields["score"] = forms.TypedChoiceField(
            label=self.scored.text,
            coerce=int,
            choices=[(step, str(step)) for step in rules.SCALES[self.scored.kind]],
            error_messages={
                "required": _("Choose one of the answers."),
                "invalid_choice": _("Choose one of the answers."),
            },
        )
        for question in self.texts:
            self.fields[f"text_{question.pk}"] = forms.CharField(
                label=question.text, required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
            )

    @property
    def chosen(self) -> int | None:
        """The score that the page shows as chosen: what was sent, else what the link in the mail proposed."""
        value = self["score"].value()
        return int(value) if value is not None and str(value).isdigit() else None

    def steps(self) -> list[int]:
        return list(rules.SCALES[self.scored.kind])

    def text_fields(self) -> list[tuple[Question, forms.BoundField]]:
        return [(question, self[f"text_{question.pk}"]) for question in self.texts]

    def given(self) -> Given:
        """The checked answer, as the service takes it."""
        words = {question.pk: self.cleaned_data[f"text_{question.pk}"] for question in self.texts}
        return Given(self.cleaned_data["score"], words)
