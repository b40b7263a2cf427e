"""The rhythm's settings: they agree with each other, and nothing piles up."""

import time

import pytest

from crm import celery, silence

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
    silence.note()
    now = time.monotonic()

    assert not silence.is_silent(now + silence.SILENT_SECONDS - 1)
    assert silence.is_silent(now + silence.SILENT_SECONDS + 1)


def test_busy_worker_is_not_silent(monkeypatch):
    monkeypatch.setattr(silence.state, "active_requests", {object()})

    assert not silence.is_silent(time.monotonic() + 10 * silence.SILENT_SECONDS)
