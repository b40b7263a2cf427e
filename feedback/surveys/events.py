"""What surveys announce."""

from crm.kernel.background import events

# ids: responses; data: kind (nps, csat), scale, score, group, customer_id, survey (public id)
SURVEY_ANSWERED = events.declare_event("survey_answered")
