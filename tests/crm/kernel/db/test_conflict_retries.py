"""A write that somebody got ahead of starts again; any other refusal of the database goes through at once."""

import pytest
from django.db import IntegrityError

from crm.kernel.auth.models import Team
from crm.kernel.db.conflict_retries import ATTEMPTS, retry_when_taken

pytestmark = pytest.mark.django_db


def test_second_attempt_starts_from_nothing_and_counts():
    attempts = []

    @retry_when_taken
    def add_team() -> Team:
        attempts.append(Team.objects.count())
        team = Team.objects.create(name="North")
        if len(attempts) == 1:
            Team.objects.create(name="North")  # as somebody else would have meanwhile
        return team

    team = add_team()

    assert attempts == [0, 0]
    assert Team.objects.get() == team


def test_what_stays_taken_is_said_after_the_last_attempt():
    Team.objects.create(name="North")
    attempts = []

    @retry_when_taken
    def add_team() -> None:
        attempts.append("North")
        Team.objects.create(name="North")

    with pytest.raises(IntegrityError):
        add_team()

    assert len(attempts) == ATTEMPTS
    assert Team.objects.count() == 1


def test_other_refusals_are_not_tried_again():
    attempts = []

    @retry_when_taken
    def add_nobody() -> None:
        attempts.append(1)
        Team.objects.create(name=None)

    with pytest.raises(IntegrityError):
        add_nobody()

    assert len(attempts) == 1
