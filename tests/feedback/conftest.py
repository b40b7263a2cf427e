"""Fixtures of surveys and tickets."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from crm.kernel.api.scopes import SCOPES
from crm.kernel.api.services import create_api_key
from crm.kernel.auth import signed_links
from crm.kernel.time import clock
from feedback.surveys import services
from feedback.surveys.defaults import ensure_surveys
from feedback.surveys.models import Invitation, Response, Survey
from feedback.tickets import services as tickets
from feedback.tickets.models import Ticket


@pytest.fixture
def surveys(db: None) -> dict[str, Survey]:
    """The surveys of a fresh start, by key."""
    ensure_surveys()
    return {survey.key: survey for survey in Survey.objects.all()}


@pytest.fixture
def make_invitation(
    surveys: dict[str, Survey], make_customer: Callable[..., Any]
) -> Callable[..., tuple[Invitation, str]]:
    """An invitation and the token of its link, sent a moment ago."""

    def make(
        survey: str = "nps",
        customer: Any = None,
        *,
        occasion: str = "manual",
        at: datetime | None = None,
        **fields: Any,
    ) -> tuple[Invitation, str]:
        token, digest = signed_links.generate_token()
        at = at or clock.now()
        fields = {"channel": "email", "state": "sent", "sent_at": at, "expires_at": at + timedelta(days=30), **fields}
        invitation = Invitation.objects.create(
            survey=surveys[survey],
            customer=customer or make_customer(language="en"),
            occasion=occasion,
            token_digest=digest,
            created_at=at,
            **{"language": "en", **fields},
        )
        return invitation, token

    return make


@pytest.fixture
def make_response(make_invitation: Callable[..., Any]) -> Callable[..., Response]:
    """An answer given by link: `make_response(9, customer, at=…)`."""
    numbers = iter(range(1, 100_000))

    def make(
        score: int, customer: Any = None, *, survey: str = "nps", at: datetime | None = None, text: str = ""
    ) -> Response:
        at = at or clock.now()
        invitation, _token = make_invitation(
            survey, customer, occasion=f"test:{next(numbers)}", at=at - timedelta(hours=1)
        )
        questions = [question.pk for question in invitation.survey.questions.all() if not question.is_scored]
        answer = services.AnswerInput(score, dict.fromkeys(questions, text))
        response = services.record_answer(invitation=invitation, answer=answer, language="en", at=at)
        assert response is not None
        return response

    return make


@pytest.fixture
def open_ticket(db: None) -> Callable[..., Ticket]:
    """A ticket of a customer (or of a stranger): `open_ticket(customer, priority=3)`."""

    def make(
        customer: Any = None, body: str = "茶罐的盖子裂了", *, at: datetime | None = None, **fields: Any
    ) -> Ticket:
        request = tickets.TicketRequest(
            **{"subject": "礼盒茶罐盖子破损", "channel": "form", **fields}, body=body, customer=customer
        )
        return tickets.open_ticket(request=request, at=at or clock.now())

    return make


@pytest.fixture
def api(make_user: Callable[..., Any]) -> Callable[..., APIClient]:
    """A program with a key: `api()` with every scope, `api(["tickets:read"])`."""

    def make(scopes: Iterable[str] = SCOPES) -> APIClient:
        _key, secret = create_api_key(name="shop", scopes=scopes, by=make_user())
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return make
