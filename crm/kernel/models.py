"""The models of every area, for Django."""

from crm.kernel.api.models import ApiKey, IdempotencyKey
from crm.kernel.attachments.models import Attachment
from crm.kernel.audit.models import AuditEntry, AuditSeal
from crm.kernel.company.models import Setting
from crm.kernel.door.models import DoorMemory
from crm.kernel.events.models import Event, EventDelivery, InboxEvent, SweepRun
from crm.kernel.jobs.models import Job
from crm.kernel.listing.models import SavedView
from crm.kernel.people.models import Notification, Team, User

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
