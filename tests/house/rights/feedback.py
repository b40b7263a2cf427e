"""Who may use the routes of surveys and tickets."""

from datetime import timedelta
from typing import Any

from crm.kernel.auth import signed_links
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.messaging import suppression
from customers.profiles import services as customers
from customers.profiles.models import Customer
from feedback.loops import services as loops
from feedback.loops.models import FollowUp
from feedback.surveys import services as surveys
from feedback.surveys.defaults import ensure_surveys
from feedback.surveys.models import Invitation, Response, Survey
from feedback.tickets import emails
from feedback.tickets import services as tickets
from feedback.tickets.models import Ticket
from tests.house.matrix import PUBLIC, SHARED, Row


def customer_of(owner: User, email: str = "lin@example.com") -> Customer:
    return customers.create_customer(
        display_name="林嘉怡", email=email, language="zh-hans", owner=owner, team=owner.team, at=clock.now()
    )


def a_ticket_of(owner: User, email: str = "lin@example.com") -> Ticket:
    request = tickets.TicketRequest(
        subject="礼盒茶罐盖子破损",
        body="茶罐的盖子裂了",
        channel="form",
        customer=customer_of(owner, email),
        assignee=owner,
    )
    return tickets.open_ticket(request=request, at=clock.now())


def a_survey(key: str = "nps") -> Survey:
    ensure_surveys()
    return Survey.objects.get(key=key)


def link_of(owner: User, key: str = "nps") -> dict[str, Any]:
    token, digest = signed_links.generate_token()
    now = clock.now()
    Invitation.objects.create(
        survey=a_survey(key), customer=customer_of(owner), occasion="manual", token_digest=digest, channel="email",
        state="sent", language="zh-hans", created_at=now, sent_at=now, expires_at=now + timedelta(days=30),
    )  # fmt: skip
    return {"token": token}


def own_request_of(owner: User) -> dict[str, Any]:
    return {"signed": signed_links.sign_value(emails.LINK_PURPOSE, a_ticket_of(owner).public_id)}


def ticket_of(owner: User) -> dict[str, Any]:
    return {"public_id": a_ticket_of(owner).public_id}


def unsent_reply_of(owner: User) -> dict[str, Any]:
    """A reply to an address that bounced before; other examples write to the usual one."""
    ticket = a_ticket_of(owner, "moved@example.com")
    suppression.suppress_address(
        channel="email", address="moved@example.com", reason="bounced", source="test", at=clock.now()
    )
    message = tickets.reply_to_ticket(ticket=ticket, body="我们已补发。", by=owner, at=clock.now())
    return {"public_id": ticket.public_id, "message": message.public_id}


def stranger_ticket_of(owner: User) -> dict[str, Any]:
    request = tickets.TicketRequest(
        subject="Where is my order?",
        body="It is late.",
        channel="form",
        contact_email="anna@example.com",
        assignee=owner,
    )
    return {"public_id": tickets.open_ticket(request=request, at=clock.now()).public_id}


def survey_of(owner: User) -> dict[str, Any]:
    return {"public_id": a_survey().public_id}


def answered_survey_of(owner: User, key: str = "nps") -> dict[str, Any]:
    answer_of(owner, key)
    return {"public_id": a_survey(key).public_id}


def answer_of(owner: User, key: str = "nps") -> Response:
    invitation = Invitation.objects.get(token_digest=signed_links.hash_token(link_of(owner, key)["token"]))
    words = [question.pk for question in invitation.survey.questions.all() if not question.is_scored]
    answer = surveys.AnswerInput(0 if key == "csat_ticket" else 2, dict.fromkeys(words, "配送太慢了"))
    response = surveys.record_answer(invitation=invitation, answer=answer, language="zh-hans", at=clock.now())
    assert response is not None
    return response


def follow_up_of(owner: User) -> dict[str, Any]:
    response = answer_of(owner)
    loops.open_follow_ups(response_ids=[response.pk], at=clock.now())
    return {"public_id": FollowUp.objects.get(response=response).public_id}


def survey_api_of(owner: User) -> dict[str, Any]:
    return {"survey": a_survey().public_id}


def ticket_api_of(owner: User) -> dict[str, Any]:
    return {"ticket": a_ticket_of(owner).public_id}


WORK = "tickets.work"
SEND = ("messages.send", "surveys.view", "customers.view")
PHONE = ("surveys.answer", "surveys.view", "customers.view")

ROWS = [
    Row("feedback:survey_list", "surveys.view"),
    Row("feedback:survey_new", "surveys.manage"),
    Row("feedback:survey_new", "surveys.manage", "post", data={}),
    Row("feedback:survey", "surveys.view", at=answered_survey_of, reach=SHARED),
    Row("feedback:survey_texts", "surveys.manage", at=survey_of, reach=SHARED),
    Row("feedback:survey_texts", "surveys.manage", "post", at=survey_of, reach=SHARED, data={}),
    Row("feedback:survey_use", "surveys.manage", "post", at=survey_of, reach=SHARED, data={"on": "0"}),
    Row("feedback:survey_preview", "surveys.view", at=survey_of, reach=SHARED),
    Row("feedback:survey_export", ("customers.export", "surveys.view"), "post", at=survey_of, reach=SHARED),
    Row("feedback:survey_send", SEND, at=survey_of, reach=SHARED),
    Row("feedback:survey_send", SEND, "post", at=survey_of, reach=SHARED, data={}),
    Row("feedback:survey_phone", PHONE, at=survey_of, reach=SHARED),
    Row("feedback:survey_phone", PHONE, "post", at=survey_of, reach=SHARED, data={}),
    Row("feedback:ticket_list", "tickets.view"),
    Row("feedback:ticket_new", WORK),
    Row("feedback:ticket_new", WORK, "post", data={}),
    Row("feedback:ticket", "tickets.view", at=ticket_of),
    Row("feedback:ticket_reply", WORK, "post", at=ticket_of, data={"body": "我们已补发。"}),
    Row("feedback:ticket_resend", WORK, "post", at=unsent_reply_of),
    Row("feedback:ticket_note", WORK, "post", at=ticket_of, data={"body": "缺货"}),
    Row("feedback:ticket_assign", WORK, "post", at=ticket_of, data={"assignee": ""}),
    Row("feedback:ticket_priority", WORK, "post", at=ticket_of, data={"priority": "3"}),
    Row("feedback:ticket_move", WORK, "post", at=ticket_of, data={"state": "on_hold"}),
    Row("feedback:ticket_customer", WORK, "post", at=stranger_ticket_of, data={"customer": "nobody"}),
    Row("feedback:ticket_customer_new", (WORK, "customers.edit"), "post", at=stranger_ticket_of),
    Row("feedback:follow_up_list", "surveys.view"),
    Row("feedback:follow_up_move", WORK, "post", at=follow_up_of, data={"state": "contacted"}),
    Row("feedback:survey_answer", PUBLIC, at=link_of),
    Row("feedback:survey_answer", PUBLIC, "post", at=link_of, data={"score": "9"}),
    Row("feedback:help", PUBLIC),
    Row("feedback:help", PUBLIC, "post", data={}),
    Row("feedback:request", PUBLIC, at=own_request_of),
    Row("feedback:request", PUBLIC, "post", at=own_request_of, data={"body": "还没收到"}),
    Row("api_surveys", scope="surveys:read"),
    Row("api_survey_results", scope="surveys:read", at=survey_api_of, reach=SHARED),
    Row("api_survey_responses", scope="surveys:read", at=survey_api_of, reach=SHARED),
    Row("api_tickets", scope="tickets:read"),
    Row("api_tickets", scope="tickets:write", method="post"),
    Row("api_ticket", scope="tickets:read", at=ticket_api_of, reach=SHARED),
    Row("api_ticket_messages", scope="tickets:write", method="post", at=ticket_api_of, reach=SHARED),
]
