"""SQL of the customer's page of a survey, where many press Send at once: short statements, prepared on the server."""

from datetime import datetime

from crm.kernel.db import sql_rows
from crm.kernel.db.prepared_statements import prepared_cursor
from feedback.surveys.models import Invitation, Question

# Conditional: of many requests with the same link it lets one through.
USE_UP_SQL = """
UPDATE feedback_invitation SET used_at = %(at)s, state = 'complete'
WHERE id = %(id)s AND used_at IS NULL AND expires_at > %(at)s
"""


def use_up_invitation(invitation: Invitation, at: datetime) -> bool:
    """Mark an invitation as answered; False if it was answered before or its days are over. One statement."""
    with prepared_cursor() as cursor:
        cursor.execute(USE_UP_SQL, {"id": invitation.pk, "at": at})
        return bool(cursor.rowcount)


def load_invitation(digest: bytes) -> Invitation | None:
    """The invitation of a link's digest, with its survey and the questions in their order. Two statements."""
    for invitation in sql_rows.load_instances(Invitation, "WHERE t.token_digest = %s", [digest], related="survey"):
        invitation.survey.ordered_questions = sql_rows.load_instances(
            Question, "WHERE survey_id = %s ORDER BY position", [invitation.survey_id]
        )
        return invitation
    return None
