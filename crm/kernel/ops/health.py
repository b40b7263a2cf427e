"""Is it alive, is it ready, how is it: for supervisors, balancers and people."""

import shutil
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.background import scheduler
from crm.kernel.background.events.models import EventDelivery
from crm.kernel.background.jobs.models import Job
from crm.kernel.background.models import SweepRun
from crm.kernel.time import clock

StatusFigures = Callable[[datetime], dict[str, Any]]


@access.allow_anonymous
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; asks nobody else."""
    return JsonResponse({"status": "ok"})


@access.allow_anonymous
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, migrations are applied and the disk has room; a lost broker only degrades."""
    problems = _readiness_problems()
    status = "unavailable" if problems else "ok" if _broker_answers() else "degraded"
    return JsonResponse({"status": status, "problems": problems}, status=503 if problems else 200)


def _readiness_problems() -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception as error:
        return [f"database: {type(error).__name__}"]
    disk = shutil.disk_usage(settings.VAR if settings.VAR.exists() else settings.BASE_DIR)
    found = [f"migrations: {len(waiting)} not applied"] if waiting else []
    return found + (["disk: less than 5 % free"] if disk.free < disk.total * 0.05 else [])


def _broker_answers() -> bool:
    if not settings.REDIS_URL:
        return False
    import redis

    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


# What areas above add to `/statusz`: name → figures, in a query or two.
status_sections: dict[str, StatusFigures] = {}


def register_status_section(name: str) -> Callable[[StatusFigures], StatusFigures]:
    """Register what `/statusz` shows of an area."""

    def keep(function: StatusFigures) -> StatusFigures:
        status_sections[name] = function
        return function

    return keep


@access.require_permissions("status.view")
@require_safe
def statusz(request: HttpRequest) -> JsonResponse:
    """Ages and depths of everything that waits; `tick_age_seconds` over 180 means that the rhythm has stopped."""
    return JsonResponse(collect_status())


def collect_status() -> dict[str, Any]:
    """The figures of `/statusz`, in five queries and those of other areas."""
    now = clock.now()
    ticks = SweepRun.objects.filter(name="tick").values_list("ran_at", flat=True).first()
    due = EventDelivery.objects.filter(state="due").aggregate(n=Count("id"), oldest=Min("next_attempt_at"))
    unfinished = Job.objects.filter(state__in=["queued", "running"]).values_list("state")
    jobs = list(unfinished.annotate(n=Count("id"), oldest=Min("created_at")))
    return {
        "tick_age_seconds": round((now - ticks).total_seconds()) if ticks else None,
        "deliveries_due": due["n"],
        "oldest_delivery_seconds": age_seconds(due["oldest"], now),
        "deliveries_quarantined": EventDelivery.objects.filter(state="quarantined").count(),
        "jobs": {state: n for state, n, _oldest in jobs},
        "oldest_job_seconds": max((age_seconds(oldest, now) for _state, _n, oldest in jobs), default=0),
        "broker": _broker_answers(),
        **{name: figures(now) for name, figures in status_sections.items()},
    }


def age_seconds(since: datetime | None, now: datetime) -> int:
    """Seconds from an instant until now; 0 where there is none."""
    return max(0, round((now - since).total_seconds())) if since else 0


@scheduler.register_every_minute("tick")
def note_minute_tick(now: datetime) -> int:
    """Leaves a trace each minute, so that a stopped scheduler is seen."""
    return 1
