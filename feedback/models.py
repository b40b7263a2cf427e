"""The models of every area, for Django."""

from feedback.loops.models import Ask, FollowUp
from feedback.surveys.models import Answer, Invitation, Question, Response, Survey, Withheld
from feedback.tickets.models import Message, Ticket, TicketEvent

__all__ = [
    "Answer",
    "Ask",
    "FollowUp",
    "Invitation",
    "Message",
    "Question",
    "Response",
    "Survey",
    "Ticket",
    "TicketEvent",
    "Withheld",
]
