"""The pages of feedback."""

from crm.kernel.auth.models import User
from tests.house.gallery import Page
from tests.house.matrix import PUBLIC
from tests.house.rights.feedback import (
    answered_survey_of,
    follow_up_of,
    link_of,
    own_request_of,
    stranger_ticket_of,
    survey_of,
    ticket_of,
    unsent_reply_of,
)


def more_tickets(owner: User, count: int) -> None:
    for _number in range(count):
        ticket_of(owner)


def more_follow_ups(owner: User, count: int) -> None:
    for _number in range(count):
        follow_up_of(owner)


def survey_with_answers(owner: User) -> dict[str, str]:
    for _number in range(3):
        found = answered_survey_of(owner)
    return found


def ticket_with_unsent_reply(owner: User) -> dict[str, str]:
    return {"public_id": unsent_reply_of(owner)["public_id"]}


PAGES = [
    Page("feedback:survey_answer", at=link_of, by=PUBLIC),
    Page("feedback:survey_answer", at=lambda owner: link_of(owner, "csat"), query="?score=4", by=PUBLIC),
    Page("feedback:survey_answer", at=lambda owner: link_of(owner, "csat_ticket"), query="?score=0", by=PUBLIC),
    Page("feedback:survey_list"),
    Page("feedback:survey_new"),
    Page("feedback:survey", at=survey_with_answers),
    Page("feedback:survey", at=lambda owner: answered_survey_of(owner, "csat_ticket"), query="?days=30"),
    Page("feedback:survey", at=survey_of),
    Page("feedback:survey_texts", at=survey_of, query="?in=zh-hant"),
    Page("feedback:survey_preview", at=survey_of),
    Page("feedback:survey_preview", at=survey_of, query="?thanks=detractor"),
    Page("feedback:survey_send", at=survey_of),
    Page("feedback:survey_phone", at=survey_of),
    Page("feedback:ticket_list", more=more_tickets),
    Page("feedback:ticket_list", query="?view=solved"),
    Page("feedback:ticket_new"),
    Page("feedback:ticket", at=ticket_of),
    Page("feedback:ticket", at=stranger_ticket_of),
    Page("feedback:ticket", at=ticket_with_unsent_reply),
    Page("feedback:follow_up_list", more=more_follow_ups),
    Page("feedback:help", by=PUBLIC),
    Page("feedback:request", at=own_request_of, by=PUBLIC),
]
NOT_PAGES: dict[str, str] = {}
