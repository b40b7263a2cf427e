"""Which follow-ups a user sees, and what the database holds."""

import pytest
from django.db import IntegrityError, transaction

from crm.kernel.time import clock
from feedback.loops import services
from feedback.loops.models import Ask, FollowUp


@pytest.fixture
def make_follow_up(make_response, make_customer):
    def make(**fields):
        response = make_response(2, make_customer(**fields))
        services.open_follow_ups(response_ids=[response.pk], at=clock.now())
        return FollowUp.objects.get(response=response)

    return make


def test_own_scope_sees_own_follow_ups_and_own_customers(make_follow_up, make_user):
    me, other = make_user("service", scope="own"), make_user("service")
    of_my_customer = make_follow_up(owner=me)
    taken = make_follow_up(owner=other)
    FollowUp.objects.filter(pk=taken.pk).update(owner=me)
    make_follow_up(owner=other)

    assert set(FollowUp.objects.visible_to(me)) == {of_my_customer, taken}


def test_team_scope_sees_the_teams_follow_ups(make_follow_up, make_user, make_team):
    team = make_team("North")
    of_team = make_follow_up(team=team)
    make_follow_up(team=make_team("South"))

    assert set(FollowUp.objects.visible_to(make_user("service", scope="team", team=team))) == {of_team}


def test_answer_is_followed_up_once(make_follow_up):
    follow_up = make_follow_up()
    follow_up.pk = None
    follow_up.public_id = "fu_other"

    with pytest.raises(IntegrityError), transaction.atomic():
        follow_up.save(force_insert=True)


def test_customer_is_asked_once_per_solve(open_ticket):
    ticket, now = open_ticket(), clock.now()
    Ask.objects.create(ticket=ticket, solve=1, due_at=now)

    with pytest.raises(IntegrityError, match="ask_once_per_solve"), transaction.atomic():
        Ask.objects.create(ticket=ticket, solve=1, due_at=now)
