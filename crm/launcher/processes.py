"""Processes of ours: started apart from the terminal, known by pid and birth, ended with their children."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from crm.launcher.paths import PROJECT_ROOT


def start_process(order: list[str], log: Path, environ: dict[str, str], **more: Any) -> subprocess.Popen[bytes]:
    """The command in a session of its own (Ctrl-C is for the supervisor alone), writing to its log."""
    with open(log, "ab") as out:
        return subprocess.Popen(
            order,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=environ,
            start_new_session=True,
            cwd=more.pop("cwd", PROJECT_ROOT),
            **more,
        )


def end_process(pid: int, wait_seconds: float, first: int = signal.SIGTERM) -> None:
    """Ask, wait, then kill; the whole process group is gone afterwards."""
    until = time.monotonic() + wait_seconds
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.send_signal(first)
        # A dead process that its parent has not noticed yet counts as gone.
        while process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
            time.sleep(0.02)
    kill_process_group(pid)


def end_processes(pids: list[int], wait_seconds: float) -> None:
    """Ask all at once, wait for all, then kill what is left of each."""
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).terminate()
    until = time.monotonic() + wait_seconds
    for pid in pids:
        end_process(pid, max(0, until - time.monotonic()))


def kill_process_group(pid: int) -> None:
    """What is left of a session that we started, children included."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def reap_process(child: subprocess.Popen[bytes]) -> None:
    """Take the exit status of a child that was ended, so that it does not stay as a zombie."""
    with suppress(subprocess.TimeoutExpired):
        child.wait(5)


class ProcessRegister:
    """var/run/processes.json: what runs now, so that a killed supervisor's children are found by its successor."""

    def __init__(self, run: Path) -> None:
        self.path = run / "processes.json"
        self.known: dict[str, tuple[int, float]] = {}

    def add(self, name: str, pid: int) -> None:
        try:
            self.known[name] = (pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return
        self.save()

    def remove(self, name: str) -> None:
        self.known.pop(name, None)
        self.save()

    def save(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(self.known))
        fresh.rename(self.path)

    def leftovers(self) -> dict[str, int]:
        """Name → pid of what a predecessor left running; a pid used again by a stranger does not count."""
        try:
            noted = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return {name: pid for name, (pid, born) in noted.items() if is_same_process(pid, born)}


def is_same_process(pid: int, born: float) -> bool:
    """The process with this pid is still the one that was born then."""
    try:
        return abs(psutil.Process(pid).create_time() - born) < 1
    except psutil.NoSuchProcess:
        return False


def last_log_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for the person who must know why something stopped."""
    try:
        with open(log, "rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 16_000))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-count:])
    except OSError:
        return ""
