"""SQL of the customer's page of a survey."""

from datetime import timedelta

from crm.kernel.auth import signed_links
from crm.kernel.time import clock
from feedback.surveys import queries


def test_invitation_is_used_up_once(make_invitation):
    invitation, _token = make_invitation()
    now = clock.now()

    assert queries.use_up_invitation(invitation, now)
    assert not queries.use_up_invitation(invitation, now)

    invitation.refresh_from_db()
    assert (invitation.used_at, invitation.state) == (now, "complete")


def test_expired_invitation_is_not_used_up(make_invitation):
    invitation, _token = make_invitation()

    assert not queries.use_up_invitation(invitation, clock.now() + timedelta(days=31))

    invitation.refresh_from_db()
    assert invitation.used_at is None


def test_invitation_comes_with_its_questions_in_order(make_invitation, django_assert_num_queries):
    invitation, token = make_invitation("csat")

    with django_assert_num_queries(2):
        loaded = queries.load_invitation(signed_links.hash_token(token))
        kinds = [question.kind for question in loaded.survey.ordered_questions]

    assert (loaded.pk, kinds) == (invitation.pk, ["stars", "text", "text"])
    assert queries.load_invitation(b"nothing") is None
