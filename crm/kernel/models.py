"""The models of every area, for Django."""

from crm.kernel.api.models import ApiKey, IdempotencyKey
from crm.kernel.audit.models import AuditEntry, AuditSeal
from crm.kernel.auth.login_throttle.models import LoginThrottleEntry
from crm.kernel.auth.models import Team, User
from crm.kernel.background.events.models import Event, EventDelivery, InboxEvent
from crm.kernel.background.jobs.models import Job
from crm.kernel.background.models import SweepRun
from crm.kernel.company.models import Setting
from crm.kernel.files.models import Attachment
from crm.kernel.ui.listing.models import SavedView
from crm.kernel.ui.models import Notification

__all__ = [
    "ApiKey",
    "Attachment",
    "AuditEntry",
    "AuditSeal",
    "Event",
    "EventDelivery",
    "IdempotencyKey",
    "InboxEvent",
    "Job",
    "LoginThrottleEntry",
    "Notification",
    "SavedView",
    "Setting",
    "SweepRun",
    "Team",
    "User",
]
