"""The database frozen in the middle of a statement, and asked again just after (fault F14)."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest

from crm.kernel.db.backend import connections
from crm.launcher.paths import InstallationPaths
from crm.launcher.postgres import Postgres

pytestmark = [pytest.mark.rule("PL-50"), pytest.mark.fault]
SECONDS = 1


@pytest.fixture(scope="module")
def postgres(tmp_path_factory) -> Iterator[Postgres]:
    server = Postgres(InstallationPaths(tmp_path_factory.mktemp("i") / "var"), fast=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def patient(settings, monkeypatch) -> None:
    """As in the web, with a limit that a test can wait for."""
    settings.PROCESS_KIND = "web"
    settings.ANSWER_SECONDS = {"web": SECONDS}
    monkeypatch.setattr(connections.TimedConnection, "again_at", 0.0)


@pytest.fixture
def freeze(postgres) -> Iterator[object]:
    """Freezes the process behind a connection; it thaws in the end."""
    frozen = []

    def stop(connection) -> None:
        frozen.append(connection.info.backend_pid)
        os.kill(frozen[-1], signal.SIGSTOP)

    yield stop
    for pid in frozen:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def test_frozen_server_is_hung_up_on(postgres, patient, freeze):
    connection = connections.open_connection(conninfo=postgres.url("crm_app"))
    freeze(connection)
    began = time.monotonic()

    with pytest.raises(connections.DatabaseNotAnswering):
        connection.execute("SELECT 1")

    assert SECONDS <= time.monotonic() - began < SECONDS + 2
    assert connection.closed


def test_plain_connection_would_wait_on(postgres, patient, freeze):
    """Negative control: the driver's own connection, with the same limits of the server's."""
    connection = psycopg.connect(postgres.url("crm_app"), options="-c statement_timeout=500", connect_timeout=2)
    freeze(connection)
    waiting = threading.Thread(target=lambda: connection.execute("SELECT 1"), daemon=True)
    waiting.start()

    waiting.join(SECONDS + 2)

    assert waiting.is_alive()
    os.kill(connection.info.backend_pid, signal.SIGCONT)
    waiting.join(5)
    assert not waiting.is_alive()


def test_just_after_nobody_waits_again_and_then_somebody_tries(postgres, patient, freeze):
    connection = connections.open_connection(conninfo=postgres.url("crm_app"))
    freeze(connection)
    with pytest.raises(connections.DatabaseNotAnswering):
        connection.execute("SELECT 1")
    began = time.monotonic()

    with pytest.raises(connections.DatabaseNotAnswering):
        connections.open_connection(conninfo=postgres.url("crm_app"))

    assert time.monotonic() - began < 0.1
    time.sleep(connections.PAUSE_SECONDS)
    assert connections.open_connection(conninfo=postgres.url("crm_app")).execute("SELECT 1").fetchone() == (1,)


def test_slow_answer_within_the_limit_is_waited_for(postgres, patient):
    connection = connections.open_connection(conninfo=postgres.url("crm_app"))

    assert connection.execute("SELECT pg_sleep(0.5), 7").fetchone()[1] == 7
    assert connection.execute("SELECT 1").fetchone() == (1,)


def test_command_waits_as_long_as_it_takes(postgres, settings):
    settings.PROCESS_KIND, settings.ANSWER_SECONDS = "command", {"web": SECONDS, "command": None}
    connection = connections.open_connection(conninfo=postgres.url("crm_app"))

    assert connection.execute("SELECT pg_sleep(2), 7").fetchone()[1] == 7


def test_client_is_more_patient_than_the_server(settings):
    """Else a statement that the server would have ended with its reason ends as a server that is away."""
    limits = {kind: int(statement.rstrip("s")) for kind, (statement, _lock) in settings.STATEMENT_TIMEOUTS.items()}

    assert {kind: limits[kind] < settings.ANSWER_SECONDS[kind] for kind in ("web", "worker")} == {
        "web": True,
        "worker": True,
    }
    assert (limits["command"], settings.ANSWER_SECONDS["command"]) == (0, None)
