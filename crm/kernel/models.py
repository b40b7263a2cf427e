"""The models of every area, for Django."""

from crm.kernel.api.models import ApiKey, IdempotencyKey
from crm.kernel.audit.models import AuditEntry, AuditSeal
from crm.kernel.auth.login_throttle.models import DoorMemory
from crm.kernel.auth.models import Notification, Team, User
from crm.kernel.background.events.models import Event, EventDelivery, InboxEvent, SweepRun
from crm.kernel.background.jobs.models import Job
from crm.kernel.company.models import Setting
from crm.kernel.files.attachments.models import Attachment
from crm.kernel.ui.listing.models import SavedView

__all__ = [
    "ApiKey",
    "Attachment",
    "AuditEntry",
    "AuditSeal",
    "DoorMemory",
    "Event",
    "EventDelivery",
    "IdempotencyKey",
    "InboxEvent",
    "Job",
    "Notification",
    "SavedView",
    "Setting",
    "SweepRun",
    "Team",
    "User",
]
