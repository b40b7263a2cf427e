"""The rhythm: beat rings `sweep` and `tick`, a doorbell rings `ring`; what there is to do is read from PostgreSQL.

A message lost or doubled changes nothing. One that waited too long expires, so that they never pile up.
"""

import os

from celery import Celery
from celery.signals import worker_ready
from django.conf import settings

from crm.config import worker_watchdog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
os.environ.setdefault("CRM_PROCESS_KIND", "worker")

SWEEP_SECONDS = 5
TICK_SECONDS = 60
NIGHT_SECONDS = 1800
JOB_SECONDS = 3600

app = Celery("crm")
app.conf.update(settings.CELERY)
app.conf.task_ignore_result = True
app.conf.task_publish_retry = False
app.conf.beat_schedule = {
    "sweep": {"task": "crm.config.celery.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "jobs": {"task": "crm.config.celery.jobs", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "tick": {"task": "crm.config.celery.tick", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}},
    "night": {"task": "crm.config.celery.night", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}},
}


@app.task
def sweep() -> None:
    """Everything due now: messages, deliveries."""
    from crm.kernel.background import scheduler

    scheduler.run_rhythm("sweep")


# Not late: the lease of a job outlives a lost message, and a lost broker must not end the work of an hour.
@app.task(soft_time_limit=JOB_SECONDS, time_limit=JOB_SECONDS + 60, acks_late=False)
def jobs() -> None:
    """Long work, apart from the sweeps, which would wait behind it."""
    from crm.kernel.background import scheduler

    scheduler.run_rhythm("long")


@app.task
def tick() -> None:
    """The minute: planners and time rules."""
    from crm.kernel.background import scheduler

    scheduler.run_rhythm("minute")


@app.task(soft_time_limit=NIGHT_SECONDS, time_limit=NIGHT_SECONDS + 60)
def night() -> None:
    """The work of the night, when its hour has come at the company's place; it may take longer than any other."""
    from crm.kernel.background import scheduler

    scheduler.run_due_nightly()


@app.task
def ring(name: str) -> None:
    """One sweep at once, because something was just put into its queue; an unknown name is left to the sweep."""
    from crm.kernel.background import scheduler

    sweep = scheduler.scheduled_tasks.get(name)
    if sweep and sweep.rhythm == "long":
        jobs.apply_async(expires=SWEEP_SECONDS)
    elif sweep:
        scheduler.run_scheduled_task(name)


@worker_ready.connect
def watch_worker(**_: object) -> None:
    """Celery may stop consuming after a lost broker: then the worker ends, and its supervisor starts it again."""
    worker_watchdog.start_watchdog()
