"""What staff and machines do with answers."""

from datetime import timedelta

import pytest

from crm.kernel import audit
from crm.kernel.audit.models import AuditEntry
from crm.kernel.background.events.models import Event
from crm.kernel.time import clock
from customers.profiles.models import CustomerFact, TimelineEntry
from feedback.surveys import services
from feedback.surveys.models import Invitation, Response


def by_phone(survey, customer, by, score=4, call="call-1"):
    answer = services.AnswerInput(score, {})
    return services.record_phone_answer(
        survey=survey, customer=customer, answer=answer, call=call, by=by, at=clock.now()
    )


@pytest.mark.rule("FS-2")
@pytest.mark.rule("S52")
def test_staff_write_down_what_was_said_on_the_phone(surveys, make_customer, make_user):
    by = make_user("service")

    response = by_phone(surveys["nps"], make_customer(), by)

    assert (response.channel, response.staff, response.group) == ("phone", by, "detractor")


def test_a_phone_form_sent_twice_counts_once(surveys, make_customer, make_user):
    customer, by = make_customer(), make_user("service")
    by_phone(surveys["nps"], customer, by)

    assert by_phone(surveys["nps"], customer, by) is None
    assert Response.objects.count() == 1


def test_a_call_uses_up_the_open_link(make_invitation, make_user, client):
    invitation, token = make_invitation()

    by_phone(invitation.survey, invitation.customer, make_user("service"), score=10)

    assert Invitation.objects.count() == 1
    assert "Thank you, we are delighted." in client.get(f"/s/{token}/").content.decode()


def test_an_answer_reaches_timeline_facts_and_listeners(make_response):
    response = make_response(3, text="Slow")

    event = Event.objects.get(name="survey_answered")
    fact = CustomerFact.objects.get(customer=response.customer, kind="nps")
    line = TimelineEntry.objects.get(kind="survey_answered")
    assert event.ids == [response.pk]
    assert (event.data["kind"], event.data["score"], event.data["group"]) == ("nps", 3, "detractor")
    assert (fact.value, fact.number) == ("detractor", 3)
    assert (line.data["score"], line.data["text"]) == (3, "Slow")


def test_old_invitations_expire(make_invitation):
    now = clock.now()
    old, _token = make_invitation(occasion="old", at=now - timedelta(days=40))
    make_invitation(occasion="fresh", at=now)

    assert services.expire_invitations(at=now) == 1
    assert services.expire_invitations(at=now) == 0
    assert Invitation.objects.get(state="expired").pk == old.pk


def test_new_texts_are_audited(surveys, make_user):
    nps, by = surveys["nps"], make_user("marketing")
    titles = {**nps.titles, "en": "Would you recommend us?"}

    services.change_survey_texts(survey=nps, texts={"titles": titles}, questions={}, by=by)

    nps.refresh_from_db()
    assert nps.titles["en"] == "Would you recommend us?"
    assert AuditEntry.objects.get(action="survey.texts_changed").actor == by


def test_a_failing_audit_leaves_the_texts(surveys, make_user, monkeypatch):
    monkeypatch.setattr(audit, "record_audit_entry", lambda *args, **kwargs: 1 / 0)
    nps = surveys["nps"]

    with pytest.raises(ZeroDivisionError):
        services.change_survey_texts(survey=nps, texts={"titles": {}}, questions={}, by=make_user("marketing"))

    nps.refresh_from_db()
    assert nps.titles["en"] == "Recommendation"
