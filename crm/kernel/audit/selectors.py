"""The audit log as it is read."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from crm.kernel.audit.models import AuditEntry
from crm.kernel.auth.models import User
from crm.kernel.time.periods import Period

AUDIT_SORTS = {"at": ("at", "id")}


def audit_entries(
    *, zone: str | ZoneInfo, action: str = "", person: User | None = None, day: date | None = None
) -> QuerySet[AuditEntry]:
    """Who did what, narrowed to acts whose name begins so, to a person, to a day of the reader's zone."""
    found = AuditEntry.objects.select_related("actor")
    if action:
        found = found.filter(action__startswith=action)
    if person:
        found = found.filter(actor=person)
    if day:
        first, after = Period(day, day + timedelta(days=1)).instants(zone)
        found = found.filter(at__gte=first, at__lt=after)
    return found
