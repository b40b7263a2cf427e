"""`Idempotency-Key` on every POST: key, effect and stored answer commit in one transaction.

A process killed in between leaves nothing behind, so a retry is free to do the work.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel import clock, sweeps
from crm.kernel.api.models import IdempotencyKey
from crm.kernel.api.problems import Conflict

KEEP = timedelta(days=7)
LONGEST = 120


def idempotent(method: Callable[..., Response]) -> Callable[..., Response]:
    """A POST method whose repetition with the same key and body gets the first answer and has no second effect.

    The same key with another body is 409; without a key the request simply runs.
    """

    @wraps(method)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            with transaction.atomic():
                return method(view, request, *args, **kwargs)
        if len(key) > LONGEST or not key.isprintable():
            raise ValidationError({"Idempotency-Key": [_("At most 120 printable characters.")]})
        return _run(view, request, key, lambda: method(view, request, *args, **kwargs))

    return once


@transaction.atomic
def _run(view: Any, request: Request, key: str, work: Callable[[], Response]) -> Response:
    body = hashlib.sha256(json.dumps(request.data, sort_keys=True, default=str).encode()).digest()
    route = f"{request.method} {request.resolver_match.route if request.resolver_match else request.path}"[:120]
    lookup = {"principal": f"key:{request.auth.pk}", "route": f"{route} {request.path}"[:120], "key": key}
    IdempotencyKey.objects.bulk_create(
        [IdempotencyKey(**lookup, request_digest=body, created_at=clock.now())], ignore_conflicts=True
    )
    row = IdempotencyKey.objects.select_for_update().get(**lookup)
    if bytes(row.request_digest) != body:
        raise Conflict(_("This Idempotency-Key was used for another request."), code="idempotency_key_reused")
    if row.status is not None:
        return Response(row.body, status=row.status, headers={"Idempotency-Replayed": "true"})
    response = work()
    row.status, row.body = response.status_code, json.loads(json.dumps(response.data, default=str))
    row.save(update_fields=["status", "body"])
    return response


@sweeps.nightly("forget_idempotency_keys")
def forget_old_keys(now: datetime) -> int:
    """Drop answers older than seven days."""
    deleted, _rows = IdempotencyKey.objects.filter(created_at__lt=now - KEEP).delete()
    return deleted
