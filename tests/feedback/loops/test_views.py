"""The page of follow-ups."""

import json

import pytest

from crm.kernel.time import clock
from feedback.loops import services
from feedback.loops.models import FollowUp

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(client_as):
    return client_as("manager")


@pytest.fixture
def make_follow_up(make_response):
    def make(score=2, state="open"):
        response = make_response(score)
        services.open_follow_ups(response_ids=[response.pk], at=clock.now())
        FollowUp.objects.filter(response=response).update(state=state)
        return FollowUp.objects.get(response=response)

    return make


def change(client, follow_up, state):
    return client.post(f"/follow-ups/{follow_up.public_id}/move/", {"state": state}, headers=HTMX)


def test_page_shows_what_waits_with_the_score_in_words(client, make_follow_up):
    waiting, contacted = make_follow_up(1), make_follow_up(2, "contacted")
    make_follow_up(3, "won_back")

    page = client.get("/follow-ups/")

    assert {row.pk for row, _changes in page.context["rows"]} == {waiting.pk, contacted.pk}
    assert page.context["waiting"] == 2
    assert "1 of 10" in page.content.decode()


def test_tab_shows_one_state(client, make_follow_up):
    make_follow_up()
    resolved = make_follow_up(3, "resolved")

    page = client.get("/follow-ups/?state=resolved")

    assert [row.pk for row, _changes in page.context["rows"]] == [resolved.pk]


def test_state_is_changed_and_can_be_taken_back(client, make_follow_up):
    follow_up = make_follow_up()

    answer = change(client, follow_up, "contacted")

    follow_up.refresh_from_db()
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    assert (follow_up.state, undo) == ("contacted", f"/follow-ups/{follow_up.public_id}/move/?state=open")


def test_refused_state_changes_nothing(client, make_follow_up):
    follow_up = make_follow_up(state="won_back")

    answer = change(client, follow_up, "open")

    follow_up.refresh_from_db()
    assert (answer.status_code, follow_up.state) == (204, "won_back")
    assert "cannot go from" in json.loads(answer.headers["HX-Trigger"])["toast"]["text"]


def test_unknown_state_and_bad_cursor_are_refused(client, make_follow_up):
    assert change(client, make_follow_up(), "forgotten").status_code == 400
    assert client.get("/follow-ups/?cursor=nonsense").status_code == 400


def test_follow_up_out_of_scope_is_missing(client_as, make_user, make_follow_up):
    outsider = client_as(make_user("service", scope="own"))

    assert change(outsider, make_follow_up(), "contacted").status_code == 404
