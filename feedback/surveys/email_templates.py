"""The mails of surveys, one for each kind of scored question; staff may change them among the message templates."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.ui import languages
from customers.messaging.content.template_catalog import TemplateVariable, declare_template
from feedback.surveys.question_kinds import ScoredQuestionKind, registered_scales
from feedback.surveys.question_kinds.question_email import QuestionEmail

VARIABLES = {
    "link": TemplateVariable(_("The customer's own link"), "https://evergreen.example/s/example/"),
    "question": TemplateVariable(
        _("The question"),
        {
            "en": "How likely are you to recommend us?",
            "zh-hans": "您有多大可能推荐我们？",
            "zh-hant": "您有多大的可能推薦我們？",
        },
    ),
    "title": TemplateVariable(
        _("The survey's title"), {"en": "Recommendation", "zh-hans": "推荐意愿", "zh-hant": "推薦意願"}
    ),
}


OPEN_LINKS = {
    "en": "[Open the survey]({{ link }})",
    "zh-hans": "[打开问卷]({{ link }})",
    "zh-hant": "[開啟問卷]({{ link }})",
}


def template_key(scale: ScoredQuestionKind) -> str:
    """The key of the mail that asks a question of this kind."""
    return f"survey_{scale.survey_kind.key}_{scale.key}"


def declare_survey_mails() -> None:
    """Make the mail of every kind of scored question a message template."""
    for scale in registered_scales():
        declare_question_mail(scale)


def declare_question_mail(scale: ScoredQuestionKind) -> None:
    """Make the mail of one kind of question a message template."""
    declare_template(
        template_key(scale),
        name=scale.email.name,
        purpose="survey",
        topic="surveys",
        texts={code: _mail_texts(scale.email, code) for code in languages.LANGUAGE_CODES},
        variables=VARIABLES,
    )


def _mail_texts(email: QuestionEmail, code: str) -> dict[str, str]:
    paragraphs = [*email.paragraphs, OPEN_LINKS]
    body = "\n\n".join(text if isinstance(text, str) else text[code] for text in paragraphs)
    return {"subject": email.subjects[code], "body": body}
