"""The pages of feedback."""

from tests.house.gallery import Page
from tests.house.matrix import PUBLIC
from tests.house.rights.feedback import link_of, own_request_of

PAGES = [
    Page("feedback:survey_answer", at=link_of, by=PUBLIC),
    Page("feedback:survey_answer", at=lambda owner: link_of(owner, "csat"), query="?score=4", by=PUBLIC),
    Page("feedback:survey_answer", at=lambda owner: link_of(owner, "csat_ticket"), query="?score=0", by=PUBLIC),
    Page("feedback:help", by=PUBLIC),
    Page("feedback:request", at=own_request_of, by=PUBLIC),
]
NOT_PAGES: dict[str, str] = {}
