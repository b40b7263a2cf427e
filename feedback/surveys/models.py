"""Surveys, who was asked, and what they answered."""

from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel import company
from crm.kernel.db.public_ids import PublicIdField
from crm.kernel.ui import languages
from feedback.surveys.choices import InvitationState, SurveyChannel, WithheldReason
from feedback.surveys.question_kinds import (
    QuestionKind,
    get_question_kind,
    get_scale,
    question_kind_choices,
    registered_scales,
)
from feedback.surveys.survey_kinds import (
    SURVEY_KIND_CHOICES,
    AnswerGroup,
    SurveyKind,
    answer_group_choices,
    get_answer_group,
    get_survey_kind,
)


def localized_text(texts: dict[str, str], language: str | None = None) -> str:
    """A text in a language (default: the reader's), with the company's name in it."""
    return languages.pick_text(texts, language or get_language() or "en").replace(
        "{company}", company.get_company().name
    )


class Survey(models.Model):
    """A set of questions in three languages that is sent again and again; its kind says how it is scored."""

    public_id = PublicIdField("sv")
    key = models.CharField(max_length=40, blank=True, help_text="Set for the templates of a fresh start.")
    kind = models.CharField(_("Kind"), max_length=8, choices=SURVEY_KIND_CHOICES)
    titles = models.JSONField(default=dict)
    intros = models.JSONField(default=dict)
    thanks = models.JSONField(default=dict, help_text="Group → language → text; the group “all” for the rest.")
    valid_days = models.PositiveSmallIntegerField(_("Link works for (days)"), default=30)
    is_active = models.BooleanField(_("In use"), default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("key", name="survey_key_once", condition=~Q(key=""))]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return localized_text(self.titles)

    @property
    def intro(self) -> str:
        return localized_text(self.intros)

    @property
    def definition(self) -> SurveyKind:
        """How answers of its kind are counted and scored."""
        return get_survey_kind(self.kind)

    @cached_property
    def ordered_questions(self) -> "list[Question]":
        """Its questions, in their order."""
        return list(self.questions.all())

    @property
    def scored_question(self) -> "Question | None":
        """The question whose answer is the score."""
        return next((question for question in self.ordered_questions if question.is_scored), None)

    def thanks_for(self, group: str) -> str:
        """The thanks for an outcome, in the reader's language."""
        return localized_text(self.thanks.get(group) or self.thanks.get("all") or {})


class Question(models.Model):
    """One question; the first scored one of a survey gives the response its score."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=question_kind_choices())
    texts = models.JSONField(default=dict)
    low_labels = models.JSONField(default=dict, help_text="What the lowest score means.")
    high_labels = models.JSONField(default=dict)
    required = models.BooleanField(default=False)
    shown_from = models.SmallIntegerField(null=True, help_text="Asked after scores from here …")
    shown_to = models.SmallIntegerField(null=True, help_text="… to here.")

    class Meta:
        ordering = ["survey", "position"]
        constraints = [models.UniqueConstraint("survey", "position", name="question_place_once")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return localized_text(self.texts)

    @property
    def low_label(self) -> str:
        return localized_text(self.low_labels)

    @property
    def high_label(self) -> str:
        return localized_text(self.high_labels)

    @property
    def definition(self) -> QuestionKind:
        """How questions of its kind are asked and checked."""
        return get_question_kind(self.kind)

    @property
    def is_scored(self) -> bool:
        return self.definition.is_scored


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Which invitations."""

    def waiting(self, at: Any) -> "InvitationQuerySet":
        """Those that may still be answered at an instant."""
        return self.filter(used_at=None, expires_at__gt=at)

    def sent_to_customers(self) -> "InvitationQuerySet":
        """Those that asked the customer; an invitation made for a phone call asks nobody."""
        return self.filter(sent_at__isnull=False).exclude(channel=SurveyChannel.PHONE)


class Invitation(models.Model):
    """One customer is asked once on one occasion. Only the SHA-256 of the link's token is kept."""

    public_id = PublicIdField("iv")
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=120, help_text="From business data: manual:2026-03, ticket:17:solve:1 …")
    token_digest = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=8, choices=InvitationState.choices, default=InvitationState.CREATED)
    channel = models.CharField(max_length=5, choices=SurveyChannel.choices)
    language = models.CharField(max_length=7, choices=settings.LANGUAGES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True, help_text="When the one answer was given.")
    expires_at = models.DateTimeField()

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("survey", "customer", "occasion", name="invitation_once_per_occasion"),
            models.CheckConstraint(
                condition=Q(state=InvitationState.COMPLETE, used_at__isnull=False)
                | (~Q(state=InvitationState.COMPLETE) & Q(used_at=None)),
                name="invitation_used_is_complete",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="invitation_of_customer"),
            models.Index(fields=["survey", "sent_at"], name="invitation_sent", condition=Q(sent_at__isnull=False)),
            models.Index(fields=["expires_at"], name="invitation_waiting", condition=Q(used_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} ({self.state})"


class Withheld(models.Model):
    """Somebody was not asked, and why."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=120)
    reason = models.CharField(max_length=16, choices=WithheldReason.choices)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["survey", "-at"], name="withheld_of_survey")]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.reason}"


def _score_is_on_scale() -> Q:
    """For the database: the score is on the scale that it was asked on."""
    scales = registered_scales()
    return reduce(or_, (Q(scale=kind.key, score__range=(kind.scale[0], kind.scale[-1])) for kind in scales))


class Response(models.Model):
    """The one answer to an invitation."""

    public_id = PublicIdField("rs")
    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="response")
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=8, choices=SURVEY_KIND_CHOICES, help_text="The survey's kind, kept for the scores."
    )
    scale = models.CharField(max_length=8, choices=question_kind_choices())
    score = models.SmallIntegerField()
    group = models.CharField(max_length=9, choices=answer_group_choices())
    comment = models.TextField(blank=True, help_text="The free texts of this response, for lists.")
    language = models.CharField(max_length=7, choices=settings.LANGUAGES)
    channel = models.CharField(max_length=5, choices=SurveyChannel.choices)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Who wrote it."
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_score_is_on_scale(),
                name="response_score_on_scale",
            ),
            models.CheckConstraint(
                condition=Q(channel="phone", staff__isnull=False) | (~Q(channel="phone") & Q(staff=None)),
                name="response_phone_has_staff",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "customer", "-at", "-id"], name="response_latest"),
            models.Index(fields=["kind", "at"], name="response_in_window"),
            models.Index(fields=["survey", "-at", "-id"], name="response_of_survey"),
            models.Index(fields=["customer", "-at"], name="response_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.score}"

    @property
    def lang(self) -> str:
        """The language of its words, for HTML."""
        return languages.html_lang(self.language)

    @property
    def score_text(self) -> str:
        """The score in words, in the reader's language."""
        return get_scale(self.scale).score_text(self.score)

    @property
    def answer_group(self) -> AnswerGroup:
        """Its group with name and sentiment."""
        return get_answer_group(self.group)


class Answer(models.Model):
    """What was answered to one question."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    number = models.SmallIntegerField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("response", "question", name="answer_once_per_question")]

    def __str__(self) -> str:
        return self.text or str(self.number)
