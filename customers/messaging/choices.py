"""Choices of messages and consent: channels, topics, purposes, states and reasons."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MessageChannel(models.TextChoices):
    """How a message travels."""

    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    SMS = "sms", _("SMS")


class MessageTopic(models.TextChoices):
    """What a customer may want to hear about; consent is given per channel and topic."""

    SERVICE = "service", _("Service")
    CARE = "care", _("Care")
    PROMOTIONS = "promotions", _("Promotions")
    SURVEYS = "surveys", _("Surveys")
    NEWS = "news", _("News")


class MessagePurpose(models.TextChoices):
    """Why a message is written: it decides which of the governor's rules are asked."""

    SECURITY = "security", _("Security")
    TICKET = "ticket", _("Ticket reply")
    TRANSACTIONAL = "transactional", _("Transactional")
    SURVEY = "survey", _("Survey")
    CARE = "care", _("Care")


class ConsentState(models.TextChoices):
    """What the customer said last about a topic."""

    GIVEN = "given", _("Given")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentSource(models.TextChoices):
    """Where consent was given or withdrawn."""

    STAFF = "staff", _("Staff")
    LINK = "link", _("The customer's own link")
    ONE_CLICK = "one_click", _("One click in the mail program")
    IMPORT = "import", _("Import")
    API = "api", _("API")
    FORM = "form", _("Form")
    DEMO = "demo", _("Demo data")


class SuppressionReason(models.TextChoices):
    """Why nothing, or almost nothing, goes to an address."""

    BOUNCED = "bounced", _("Bounced")
    COMPLAINED = "complained", _("Complained")
    UNSUBSCRIBED_ALL = "unsubscribed_all", _("Unsubscribed from everything")
    MANUAL = "manual", _("Added by staff")
    ERASED = "erased", _("Erased")


class MessageState(models.TextChoices):
    """The state of a message."""

    QUEUED = "queued", _("Queued")
    DEFERRED = "deferred", _("Deferred")
    CLAIMED = "claimed", _("Being sent")
    DATA_STARTED = "data_started", _("Handing over")
    ACCEPTED = "accepted", _("Sent")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown")
    DROPPED = "dropped", _("Not sent")
    HELD = "held", _("Held")


class MessageReason(models.TextChoices):
    """The reason of a message's state."""

    BOUNCED = "bounced", _("The address bounced before.")
    COMPLAINED = "complained", _("The customer complained about our mail.")
    UNSUBSCRIBED_ALL = "unsubscribed_all", _("The customer unsubscribed from everything.")
    MANUAL = "manual", _("Staff put the address on the suppression list.")
    ERASED = "erased", _("The person asked to be erased.")
    NO_ADDRESS = "no_address", _("The customer has no usable address for this channel.")
    ARCHIVED = "archived", _("The customer is archived.")
    NO_CONSENT = "no_consent", _("There is no consent for this channel and topic.")
    CONTROL_GROUP = "control_group", _("The customer is in the global control group.")
    QUIET_HOURS = "quiet_hours", _("Quiet hours where the customer is.")
    FREQUENCY_CAP = "frequency_cap", _("The customer gets no more messages on this day.")
    SLOT_LOST = "slot_lost", _("A more important message took its place on this day.")
    NOT_YET = "not_yet", _("Its time has not come.")
    LATE = "late", _("It would have come too late.")
    RECALLED = "recalled", _("Recalled before it was sent.")
    NOT_CONFIGURED = "not_configured", _("This channel is not configured.")
    TEMPORARY = "temporary", _("The mail server asked to try again later.")
    UNREACHABLE = "unreachable", _("The mail server could not be reached.")
    REFUSED = "refused", _("The mail server refused this message; the address stays good.")
    NO_MAILBOX = "no_mailbox", _("There is no such mailbox: the mail server says so.")
    OURS = "ours", _("The mail server refuses us: sign-in, sender or relaying must be set right.")
    BRAKED = "braked", _("The mail server refused many messages in a row: sending pauses, then it is tried again.")
    GAVE_UP = "gave_up", _("All attempts failed.")
    LEASE_OVER = "lease_over", _("The worker stopped before handing it over.")
    CUT = "cut", _("The connection broke before the mail server answered.")
    SENT_AGAIN = "sent_again", _("Sent again by staff.")
    MARKED_SENT = "marked_sent", _("Marked as sent by staff.")
    UNREADABLE = "unreadable", _("The message could not be written.")
