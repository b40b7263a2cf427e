"""Consent in a file: who agreed to marketing and who refused, with the wording that the import names as its proof.

A refusal is always taken. An agreement is taken only where the import says to which words people agreed (CU-30), and it
never lifts an opt-out (CU-40).
"""

import re
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from customers.importing import cell_parsing
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.optional_cells import OptionalCells
from customers.messaging.choices import ConsentState, MessageChannel, MessageTopic
from customers.messaging.consent import ConsentStatement

OPT_OUT_KEY = "email_opt_out"
CHANNEL_BY_KEY = {
    "email_consent": MessageChannel.EMAIL,
    "sms_consent": MessageChannel.SMS,
    OPT_OUT_KEY: MessageChannel.EMAIL,
}
INSTANT = re.compile(r"\d{4}-\d\d-\d\d")
# Words of a column about refusing that say so, whatever its name: the file was made of those who did.
REFUSALS = frozenset(
    {"unsubscribed", "opted_out", "opted-out", "opt-out", "cleaned", "refused", "withdrawn", "已退订", "已退訂"}
)
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
    """*given*, *withdrawn*, or "" where the cell says neither. Refused: RejectedCell, for a word that is not understood.

    The instant of an agreement or refusal says that there was one. Where a column is about refusing, *no* says nothing.
    """
    word = cell_parsing.parse_text(target, cell, 40).casefold()
    if word in UNDECIDED:
        return ""
    if word not in YES | NO and not INSTANT.match(word):
        raise RejectedCell(target, _("%(value)s is neither yes nor no") % {"value": cell.strip()})
    if target == OPT_OUT_KEY:
        return "" if word in NO - REFUSALS else ConsentState.WITHDRAWN.value
    return (ConsentState.WITHDRAWN if word in NO else ConsentState.GIVEN).value


def parse_statements(
    values: dict[str, str], cell_format: CellFormat, wording: str, cells: OptionalCells
) -> list[ConsentStatement]:
    """What a row says about marketing, of nobody yet (customer 0): a statement for each channel and topic, refusals last.

    What cannot be taken is a warning in `cells`, never the loss of the row.
    """
    agreed_at = _instant_of("consent_at", values, cell_format, cells)
    statements: list[ConsentStatement] = []
    for key, channel in CHANNEL_BY_KEY.items():
        state = cells.take(partial(parse_consent, key, values.get(key, "")))
        said_at = _instant_of(key, values, cell_format, cells) or agreed_at
        if state == ConsentState.GIVEN and not wording:
            no_proof = _("an agreement is taken only with the words that people agreed to; name them")
            cells.warnings.append(RejectedCell(key, no_proof))
        elif state:
            statements += [
                ConsentStatement(0, channel.value, topic.value, state, said_at) for topic in MARKETING_TOPICS
            ]
    return statements


def _instant_of(key: str, values: dict[str, str], cell_format: CellFormat, cells: OptionalCells) -> datetime | None:
    cell = values.get(key, "").strip()
    if not cell or (key in CHANNEL_BY_KEY and not INSTANT.match(cell)):
        return None
    return cells.take(partial(cell_parsing.parse_instant, key, cell, cell_format))
