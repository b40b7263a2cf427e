"""What the mail of a scored question is made of, and the paragraphs that several kinds share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

TextByLanguage = dict[str, str]

REGULAR_GREETINGS = {
    "en": "Hello {{ name }},\n\nthank you for being with us. We have one question:\n\n**{{ question }}**",
    "zh-hans": "{{ name }}，您好！\n\n感谢您一直以来的支持。我们想请教您一个问题：\n\n**{{ question }}**",
    "zh-hant": "{{ name }}，您好：\n\n謝謝您一直以來的支持。我們想請教您一個問題：\n\n**{{ question }}**",
}


@dataclass(frozen=True)
class QuestionEmail:
    """The mail that asks a question: its name among the templates, subjects and paragraphs by language.

    A paragraph that is the same in every language is a plain string. The link to the survey's page is added below.
    """

    name: Any
    subjects: TextByLanguage
    paragraphs: Sequence[TextByLanguage | str]


def score_links(labels: Sequence[str], first: int) -> str:
    """Scores to click; the page only proposes what was clicked."""
    return " ".join(f"[{label}]({{{{ link }}}}?score={step})" for step, label in enumerate(labels, first))
