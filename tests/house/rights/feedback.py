"""Who may use the routes of surveys and tickets."""

from datetime import timedelta
from typing import Any

from crm.kernel import clock, links
from crm.kernel.people.models import User
from customers.profiles import services as customers
from customers.profiles.models import Customer
from feedback.surveys.defaults import ensure_surveys
from feedback.surveys.models import Invitation, Survey
from feedback.tickets import letters, opening
from feedback.tickets.models import Ticket
from tests.house.matrix import PUBLIC, Row


def customer_of(owner: User) -> Customer:
    return customers.create_customer(
        display_name="林嘉怡", email="lin@example.com", language="zh-hans", owner=owner, team=owner.team, at=clock.now()
    )


def a_ticket_of(owner: User) -> Ticket:
    request = opening.Request(
        subject="礼盒茶罐盖子破损", body="茶罐的盖子裂了", channel="form", customer=customer_of(owner), assignee=owner
    )
    return opening.open_ticket(request=request, at=clock.now())


def a_survey(key: str = "nps") -> Survey:
    ensure_surveys()
    return Survey.objects.get(key=key)


def link_of(owner: User, key: str = "nps") -> dict[str, Any]:
    token, digest = links.new_token()
    now = clock.now()
    Invitation.objects.create(
        survey=a_survey(key), customer=customer_of(owner), occasion="manual", token_digest=digest, channel="email",
        state="sent", language="zh-hans", created_at=now, sent_at=now, expires_at=now + timedelta(days=30),
    )  # fmt: skip
    return {"token": token}


def own_request_of(owner: User) -> dict[str, Any]:
    return {"signed": links.sign(letters.LINK, a_ticket_of(owner).public_id)}


ROWS = [
    Row("feedback:survey_answer", PUBLIC, at=link_of),
    Row("feedback:survey_answer", PUBLIC, "post", at=link_of, data={"score": "9"}),
    Row("feedback:help", PUBLIC),
    Row("feedback:help", PUBLIC, "post", data={}),
    Row("feedback:request", PUBLIC, at=own_request_of),
    Row("feedback:request", PUBLIC, "post", at=own_request_of, data={"body": "还没收到"}),
]
