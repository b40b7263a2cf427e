"""One var/, one owner: others join it or are told; what a killed owner left is found."""

import os
import signal
import subprocess
import threading
import time

import psutil
import pytest

from crm.launcher import processes
from crm.launcher.service_stack import ServiceStack, running_stack

pytestmark = pytest.mark.rule("PL-1")
GIVEN = {"DATABASE_URL": "postgresql://somewhere/crm", "PATH": os.environ["PATH"]}


def test_named_database_is_not_embedded(places):
    stack = ServiceStack(places, {**GIVEN, "REDIS_URL": "redis://somewhere"})

    assert [part for _name, part in stack.parts()] == [None, None]
    assert stack.environ()["DATABASE_URL"] == GIVEN["DATABASE_URL"]
    assert "CRM_DEV" not in stack.environ()


def test_second_owner_is_told_who_the_first_is(places):
    first, second = ServiceStack(places, GIVEN), ServiceStack(places, GIVEN)

    assert first.own("bin/server")
    assert not second.own("bin/server")
    assert second.owned_by() == {"pid": os.getpid(), "what": "bin/server"}


def test_command_joins_a_running_stack_and_is_waited_for(places):
    owner, guest = ServiceStack(places, GIVEN), ServiceStack(places, {"MINE": "kept"})
    order = []

    def own():
        with running_stack(owner, "bin/manage a", lambda environ: None):
            ready.set()
            finish.wait(10)
        order.append("owner stopped")

    ready, finish = threading.Event(), threading.Event()
    thread = threading.Thread(target=own)
    thread.start()
    assert ready.wait(20)
    with running_stack(guest, "bin/manage b", lambda environ: None) as environ:
        finish.set()
        time.sleep(0.3)
        order.append("guest done")
    thread.join(20)

    assert environ["REDIS_URL"] == owner.valkey.url()
    assert environ["MINE"] == "kept"
    assert order == ["guest done", "owner stopped"]
    assert owner.valkey.child is None


def test_processes_of_a_killed_owner_are_ended(places):
    left = subprocess.Popen(["sleep", "60"], start_new_session=True)
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    register = processes.ProcessRegister(places.run)
    register.add("web", left.pid)
    register.known["worker"] = (stranger.pid, 12345.0)  # the pid was used again by somebody else
    register.save()

    ServiceStack(places, GIVEN).clear_leftovers()

    assert left.wait(5) == -signal.SIGTERM
    assert psutil.Process(stranger.pid).status() != psutil.STATUS_ZOMBIE
    stranger.kill()
    stranger.wait()


def test_process_that_ignores_asking_is_killed(places):
    stubborn = subprocess.Popen(["sh", "-c", "trap '' TERM; sleep 60 & wait; wait"], start_new_session=True)
    time.sleep(0.2)

    processes.end_process(stubborn.pid, 0.3)

    assert stubborn.wait(5) == -signal.SIGKILL


def test_explicit_clock_goes_before_the_owners(places):
    owner = ServiceStack(places, {**GIVEN, "CRM_NOW": "2026-01-01T00:00:00+00:00", "CRM_NOW_SINCE": "x"})
    owner.valkey = None
    owner.publish()

    assert ServiceStack(places, {}).owner_environ()["CRM_NOW"] == "2026-01-01T00:00:00+00:00"
    assert (
        ServiceStack(places, {"CRM_NOW": "2027-01-01T00:00:00+00:00"}).owner_environ()["CRM_NOW"]
        == "2027-01-01T00:00:00+00:00"
    )
