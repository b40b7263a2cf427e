"""`bin/server` from an empty var/: it answers, explains itself, survives its own death and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_PASSED_ON = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "CRM_DEV"}

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.rule("PL-1", "PL-50")]


class Server:
    """One installation in a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        kept = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        self.environ = {**kept, "CRM_VAR": str(var), "CRM_ENV": sys.prefix}
        self.running: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Until it says where it is; what it said."""
        self.running = self.command("server", "--port", str(self.port))
        said = []
        for line in self.running.stderr:
            said.append(line)
            if line.startswith("Logs:"):
                return "".join(said)
        raise AssertionError("".join(said))

    def command(self, name: str, *arguments: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        order = [str(ROOT / "bin" / name), *arguments]
        return subprocess.Popen(order, env=self.environ, cwd=self.var.parent, stdout=pipe, stderr=pipe, text=True)

    def end(self, number: int) -> int:
        self.running.send_signal(number)
        self.running.communicate(timeout=40)
        return self.running.returncode

    def health(self) -> dict[str, object]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
            return json.load(answer)

    def noted(self) -> dict[str, int]:
        """Name → pid of what the supervisor says it runs."""
        return {name: pid for name, (pid, _) in json.loads((self.var / "run/processes.json").read_text()).items()}

    def processes(self) -> list[str]:
        """Command lines of whatever still works in this var/."""
        found = []
        for process in psutil.process_iter(["cmdline", "environ", "status"]):
            inside = str(self.var) in " ".join(
                [*(process.info["cmdline"] or []), (process.info["environ"] or {}).get("CRM_VAR", "")]
            )
            if inside and process.info["status"] != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                found.append(" ".join(process.info["cmdline"] or []))
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Iterator[Server]:
    """Made once; the tests below start and end it one after another."""
    server = Server(tmp_path_factory.mktemp("i") / "var")
    yield server
    if server.running and server.running.poll() is None:
        server.end(signal.SIGTERM)


@pytest.mark.random_order(disabled=True)
class TestLife:
    def test_first_start_prints_address_and_login(self, installation: Server) -> None:
        said = installation.start()

        assert f"http://127.0.0.1:{installation.port}" in said
        assert "First login: admin@" in said
        assert installation.health()["status"] == "ok"

    def test_second_server_in_the_same_var_is_told_of_the_first(self, installation: Server) -> None:
        second = installation.command("server", "--port", str(free_port()))

        said = second.communicate(timeout=30)[1]

        assert second.returncode == 1
        assert f"process {installation.running.pid}" in said
        assert "CRM_VAR=" in said
        assert installation.health()["status"] == "ok"

    def test_command_runs_against_the_running_stack_with_pure_output(self, installation: Server) -> None:
        command = installation.command("manage", "doctor", "--json")

        out, said = command.communicate(timeout=60)

        assert json.loads(out)["problems"] == 0, out + said
        assert command.returncode == 0
        assert installation.health()["status"] == "ok"

    def test_failing_command_hands_on_its_status(self, installation: Server) -> None:
        command = installation.command("manage", "no_such_command")

        assert command.communicate(timeout=60)[0] == ""
        assert command.returncode == 1

    def test_every_killed_process_comes_back(self, installation: Server) -> None:
        until(lambda: {"worker", "beat"} <= installation.noted().keys())
        before = installation.noted()
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)

        until(lambda: installation.noted().keys() == before.keys() and not pids(installation) & set(before.values()))
        until(lambda: answers_well(installation))

    def test_frozen_database_costs_no_request_more_than_eight_seconds(self, installation: Server) -> None:
        frozen = [psutil.Process(installation.noted()["postgres"])]
        frozen += frozen[0].children(recursive=True)
        for process in frozen:
            process.suspend()
        try:
            with ThreadPoolExecutor(24) as visitors:
                answers = list(visitors.map(lambda _n: visit(installation), range(24)))
            alive = ask(installation, "/healthz", {})[0]
            later = [visit(installation) for _try in range(3)]
        finally:
            for process in reversed(frozen):
                process.resume()

        assert {(status, retry) for status, retry, _seconds in answers + later} == {(503, "5")}
        assert max(seconds for _status, _retry, seconds in answers + later) < 8
        assert alive == 200
        until(lambda: answers_well(installation), 10)

    def test_killed_supervisor_is_followed_by_a_whole_start(self, installation: Server) -> None:
        installation.running.kill()
        installation.running.communicate()
        assert installation.processes()

        said = installation.start()

        assert "killed predecessor" in said
        assert "First login" not in said
        assert installation.health()["status"] == "ok"

    def test_asked_to_stop_it_leaves_nothing_running(self, installation: Server) -> None:
        began = time.monotonic()

        assert installation.end(signal.SIGINT) == 0

        assert time.monotonic() - began < 30
        assert installation.processes() == []

    def test_taken_port_is_explained_with_a_free_one(self, installation: Server) -> None:
        with socket.socket() as taker:
            taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taker.bind(("127.0.0.1", installation.port))
            taker.listen()
            command = installation.command("server", "--port", str(installation.port))
            said = command.communicate(timeout=60)[1]

        assert command.returncode == 1
        assert f"Port {installation.port} on 127.0.0.1 is taken" in said
        assert "bin/server --port" in said
        assert installation.processes() == []

    def test_command_starts_and_stops_a_stack_of_its_own(self, installation: Server) -> None:
        command = installation.command(
            "manage", "shell", "-v", "0", "-c", "from crm.kernel.time import clock; print(clock.now().year > 2000)"
        )

        out, said = command.communicate(timeout=60)

        assert out.strip() == "True", said
        assert installation.processes() == []


def ask(installation: Server, path: str, headers: dict[str, str]) -> tuple[int, str | None]:
    """Status and Retry-After."""
    address = f"http://127.0.0.1:{installation.port}{path}"
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, None
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Retry-After"]


def visit(installation: Server) -> tuple[int, str | None, float]:
    """The same of a visitor whose session is looked up in the database, and how many seconds it took."""
    began = time.monotonic()
    return *ask(installation, "/", {"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz123456"}), time.monotonic() - began


def pids(installation: Server) -> set[int]:
    return set(installation.noted().values())


def answers_well(installation: Server) -> bool:
    try:
        return installation.health()["status"] == "ok"
    except OSError:
        return False
