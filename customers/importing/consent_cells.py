"""Consent in a file: who agreed to marketing and who refused, with the wording that the import names as its proof.

A refusal is always taken. An agreement is taken only where the import says to which words people agreed (CU-30), and it
never lifts an opt-out (CU-40).
"""

from functools import partial

from django.utils.translation import gettext as _

from customers.importing import cell_parsing
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.optional_cells import OptionalCells
from customers.messaging.choices import ConsentState, MessageChannel, MessageTopic
from customers.messaging.consent import ConsentStatement

CHANNEL_BY_KEY = {"email_consent": MessageChannel.EMAIL, "sms_consent": MessageChannel.SMS}
# What files call marketing: offers and news. Care and surveys are not asked about there.
MARKETING_TOPICS = (MessageTopic.PROMOTIONS, MessageTopic.NEWS)
YES = frozenset(
    """
    yes y true 1 x subscribed opted_in opted-in opt-in confirmed accepted granted given
    是 已订阅 已訂閱 同意 接受 ja oui
    """.split()  # noqa: SIM905
)
NO = frozenset(
    """
    no n false 0 unsubscribed not_subscribed opted_out opted-out opt-out cleaned refused withdrawn redacted invalid
    否 已退订 已退訂 不同意 拒绝 拒絕 nein non
    """.split()  # noqa: SIM905
)
UNDECIDED = frozenset({"", "pending", "never subscribed", "non-subscribed", "none", "null", "n/a", "-"})


def parse_consent(target: str, cell: str) -> str:
    """*given*, *withdrawn*, or "" where the cell says neither. Refused: RejectedCell, for a word that is not understood."""
    word = cell_parsing.parse_text(target, cell, 40).casefold()
    if word in UNDECIDED:
        return ""
    if word not in YES | NO:
        raise RejectedCell(target, _("%(value)s is neither yes nor no") % {"value": cell.strip()})
    return (ConsentState.GIVEN if word in YES else ConsentState.WITHDRAWN).value


def parse_statements(
    values: dict[str, str], cell_format: CellFormat, wording: str, cells: OptionalCells
) -> list[ConsentStatement]:
    """What a row says about marketing, of nobody yet (customer 0): a statement for each channel and topic.

    What cannot be taken is a warning in `cells`, never the loss of the row.
    """
    said_at = None
    if values.get("consent_at", "").strip():
        said_at = cells.take(partial(cell_parsing.parse_instant, "consent_at", values["consent_at"], cell_format))
    statements: list[ConsentStatement] = []
    for key, channel in CHANNEL_BY_KEY.items():
        state = cells.take(partial(parse_consent, key, values.get(key, "")))
        if state == ConsentState.GIVEN and not wording:
            no_proof = _("an agreement is taken only with the words that people agreed to; name them")
            cells.warnings.append(RejectedCell(key, no_proof))
        elif state:
            statements += [
                ConsentStatement(0, channel.value, topic.value, state, said_at) for topic in MARKETING_TOPICS
            ]
    return statements
