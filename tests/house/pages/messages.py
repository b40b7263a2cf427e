"""The pages of messages, the mailbox and customers' own links."""

from tests.house.gallery import Page
from tests.house.matrix import PUBLIC
from tests.house.rights.messages import link_of, mail_of

PAGES = [
    Page("customers:unsubscribe", at=link_of, by=PUBLIC),
    Page("customers:preferences", at=link_of, by=PUBLIC),
    Page("customers:mailbox"),
    Page("customers:mailbox_message", at=mail_of),
]
NOT_PAGES: dict[str, str] = {"customers:mailbox_html": "the HTML part of a mail, in a frame"}
