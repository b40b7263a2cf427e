"""`Idempotency-Key` on every POST: key, effect and stored answer commit in one transaction.

A process killed in between leaves nothing behind, so a retry is free to do the work.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.api.models import IdempotencyKey
from crm.kernel.api.problem_details import ConflictRefusal
from crm.kernel.api.queries import CLAIM_KEY_SQL, FIRST_ANSWER_SQL, STORE_ANSWER_SQL
from crm.kernel.background import scheduler
from crm.kernel.db import sql_rows
from crm.kernel.db.conflict_retries import retry_when_taken
from crm.kernel.db.prepared_statements import prepared_cursor
from crm.kernel.time import clock

ANSWER_LIFETIME = timedelta(days=7)
MAX_KEY_LENGTH = 120


def idempotent(method: Callable[..., Response]) -> Callable[..., Response]:
    """A POST method whose repetition with the same key and body gets the first answer and has no second effect.

    The same key with another body is 409; without a key the request simply runs. Where two requests at once add what
    only one of them can, the other starts again and finds it.
    """

    @wraps(method)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return retry_when_taken(method)(view, request, *args, **kwargs)
        if len(key) > MAX_KEY_LENGTH or not key.isprintable():
            raise ValidationError({"Idempotency-Key": [_("At most 120 printable characters.")]})
        return _answer_once(view, request, key, lambda: method(view, request, *args, **kwargs))

    once.is_idempotent = True  # type: ignore[attr-defined]
    return once


@retry_when_taken
def _answer_once(view: Any, request: Request, key: str, work: Callable[[], Response]) -> Response:
    body = hashlib.sha256(json.dumps(request.data, sort_keys=True, default=str).encode()).digest()
    route = f"{request.method} {request.resolver_match.route if request.resolver_match else request.path}"
    mine = [f"key:{request.auth.pk}", stored_route(f"{route} {request.path}"), key]
    with prepared_cursor() as cursor:
        cursor.execute(CLAIM_KEY_SQL, [*mine, body, clock.now()])
        claimed = cursor.fetchone()
    if claimed is None:
        return _first_answer(mine, body)
    response = work()
    with prepared_cursor() as cursor:
        cursor.execute(STORE_ANSWER_SQL, [response.status_code, json.dumps(response.data, default=str), claimed[0]])
    return response


def stored_route(route: str) -> str:
    """The route and path as the table keeps them: of two long ones that begin alike, neither gets the other's answer."""
    if len(route) <= MAX_KEY_LENGTH:
        return route
    digest = hashlib.sha256(route.encode()).hexdigest()[:32]
    return f"{route[: MAX_KEY_LENGTH - len(digest) - 1]}#{digest}"


def _first_answer(mine: list[str], body: bytes) -> Response:
    (row,) = sql_rows.load_instances(IdempotencyKey, FIRST_ANSWER_SQL, mine)
    if bytes(row.request_digest) != body:
        raise ConflictRefusal(_("This Idempotency-Key was used for another request."), code="idempotency_key_reused")
    return Response(row.body, status=row.status, headers={"Idempotency-Replayed": "true"})


@scheduler.register_nightly("forget_idempotency_keys")
def delete_old_idempotency_keys(now: datetime) -> int:
    """Drop answers older than seven days."""
    deleted, _rows = IdempotencyKey.objects.filter(created_at__lt=now - ANSWER_LIFETIME).delete()
    return deleted
