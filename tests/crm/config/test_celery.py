"""The rhythm's settings: they agree with each other, and nothing piles up."""

import time
from types import SimpleNamespace

import pytest

from crm.config import celery, worker_watchdog
from crm.kernel.background import scheduler

pytestmark = pytest.mark.rule("PL-50")


def test_every_bell_rings_a_task_that_exists_and_expires_with_its_rhythm():
    for bell in celery.app.conf.beat_schedule.values():
        assert bell["task"] in celery.app.tasks
        assert bell["options"]["expires"] <= bell["schedule"]


def test_a_lost_child_gives_its_task_back_and_timeouts_agree():
    conf = celery.app.conf

    assert conf.task_acks_late is True
    assert conf.task_reject_on_worker_lost is True
    assert conf.worker_prefetch_multiplier == 1
    assert conf.visibility_timeout == conf.broker_transport_options["visibility_timeout"]
    assert conf.task_time_limit < conf.visibility_timeout
    assert conf.broker_transport_options["unacked_restore_throttle"] == 1


def test_bell_that_nobody_answers_to_is_left_to_the_sweep():
    celery.ring("nothing_is_called_so")


def test_silence_is_long_and_idle():
    worker_watchdog.note_activity()
    now = time.monotonic()

    assert not worker_watchdog.is_silent(now + worker_watchdog.SILENT_SECONDS - 1)
    assert worker_watchdog.is_silent(now + worker_watchdog.SILENT_SECONDS + 1)


@pytest.mark.parametrize(
    ("at_work", "is_silent"),
    [
        (["crm.config.celery.sweep"], False),
        (["crm.config.celery.jobs", "crm.config.celery.tick"], False),
        (["crm.config.celery.jobs", "crm.config.celery.night"], True),
        (["crm.config.celery.jobs"] * worker_watchdog.WORKER_PROCESSES, False),
    ],
)
def test_worker_is_silent_beside_work_of_hours_while_a_process_is_free(monkeypatch, at_work, is_silent):
    monkeypatch.setattr(worker_watchdog.state, "active_requests", [SimpleNamespace(name=name) for name in at_work])

    assert worker_watchdog.is_silent(time.monotonic() + 10 * worker_watchdog.SILENT_SECONDS) is is_silent


def test_work_of_hours_has_a_task_of_its_own_that_is_not_given_back_when_the_broker_is_lost():
    assert celery.jobs.soft_time_limit == celery.JOB_SECONDS > celery.app.conf.task_soft_time_limit
    assert celery.jobs.time_limit > celery.jobs.soft_time_limit
    assert celery.jobs.acks_late is False
    assert scheduler.scheduled_tasks["jobs"].rhythm == "long"
