"""Names of states, priorities and channels of tickets."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TicketState(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    PENDING = "pending", _("Pending")
    ON_HOLD = "on_hold", _("On hold")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


class TicketPriority(models.IntegerChoices):
    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class TicketChannel(models.TextChoices):
    """The way by which a ticket or a message came or went."""

    FORM = "form", _("Request form")
    PORTAL = "portal", _("Own page")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    CHAT = "chat", _("Chat")
    API = "api", _("API")
    SURVEY = "survey", _("Survey")


# By these the customer reached us; staff write down the others.
EXTERNAL_CHANNELS = (
    TicketChannel.FORM,
    TicketChannel.PORTAL,
    TicketChannel.EMAIL,
    TicketChannel.CHAT,
    TicketChannel.API,
)


class MessageKind(models.TextChoices):
    PUBLIC = "public", _("Public")
    NOTE = "note", _("Internal note")


class MessageAuthor(models.TextChoices):
    STAFF = "staff", _("Staff")
    CUSTOMER = "customer", _("Customer")
    SYSTEM = "system", _("System")


class TicketChange(models.TextChoices):
    """What an entry of a ticket's history is about."""

    OPENED = "opened", _("Opened")
    STATE = "state", _("State")
    ASSIGNED = "assigned", _("Assigned")
    PRIORITY = "priority", _("Priority")
    CUSTOMER = "customer", _("Customer")
