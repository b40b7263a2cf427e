"""Free text; an answer is never required."""

from django import forms
from django.utils.translation import gettext_lazy

from feedback.surveys.question_kinds.registry import QuestionKind, register_question_kind

LONGEST_TEXT = 4000


@register_question_kind
class TextQuestion(QuestionKind):
    key = "text"
    order = 40
    label = gettext_lazy("Free text")
    template = "feedback/surveys/question_kinds/text.html"

    def form_field(self, label: str) -> forms.Field:
        return forms.CharField(
            label=label, required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
        )

    def clean_text(self, text: str) -> str:
        return text.replace("\x00", "").strip()[:LONGEST_TEXT]
