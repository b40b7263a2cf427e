"""One row per act, in the same transaction as the act; if the row cannot be written, the act fails."""

from collections.abc import Collection
from typing import Any

from django.db.models import Model

from crm.kernel.audit import masking
from crm.kernel.audit.models import AuditEntry
from crm.kernel.http import current_request
from crm.kernel.time import clock


def record_audit_entry(
    action: str,
    obj: Model | None = None,
    *,
    by: Any = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    count: int = 1,
    job: Any = None,
    readable: Collection[str] = (),
) -> None:
    """Write who did what: `action` is `area.verb`; `count` is how many records a bulk act touched.

    `readable` are fields that are masked elsewhere and here say nothing of a person, such as the name of a reward.
    """
    request = current_request.get_current_request()
    if job is not None:
        after = {**(after or {}), "job": job.pk}
    AuditEntry.objects.create(
        at=clock.now(),
        action=action,
        actor=by if by is not None and getattr(by, "pk", None) else None,
        actor_label="" if by is not None else request.principal,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(getattr(obj, "public_id", None) or obj.pk) if obj is not None else "",
        before=masking.mask_personal_values(before, readable),
        after=masking.mask_personal_values(after, readable),
        count=count,
        request_id=request.request_id,
        ip=request.ip,
    )
