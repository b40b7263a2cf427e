"""Keeps web, worker and beat (and the database and broker under them) running until told to stop."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from crm.launcher import processes, terminal
from crm.launcher.paths import PROJECT_ROOT
from crm.launcher.service_stack import ServiceStack

STABLE_SECONDS = 60
MAX_PAUSE_SECONDS = 30
MAX_LOG_BYTES = 20 * 1024 * 1024


@dataclass
class SupervisedProgram:
    """One process of the product: how it is started, and how long it may take to end."""

    name: str
    order: list[str]
    kind: str
    grace_seconds: float
    environ: dict[str, str] = field(default_factory=dict)
    child: subprocess.Popen[bytes] | None = None
    started: float = 0
    pause: float = 1
    again_at: float = 0


def product_programs(bind: str, mailbox: bool) -> list[SupervisedProgram]:
    """In the order of starting; they are ended in the opposite one, the rhythm first."""
    python = sys.executable
    gunicorn = [python, "-m", "gunicorn", "-c", "crm/config/gunicorn.py", "-b", bind, "crm.config.wsgi"]
    celery = [python, "-m", "celery", "-A", "crm.config.celery"]
    worker = [*celery, "worker", "--concurrency", os.environ.get("CRM_WORKER_PROCESSES", "4"), "--without-mingle"]
    beat = [*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile="]
    # Celery ends softly on SIGTERM: running tasks get a moment, the rest is taken up by the next worker.
    soft = {"REMAP_SIGTERM": "SIGQUIT"}
    here = mailbox and any(PROJECT_ROOT.glob("*/management/commands/mailbox.py"))
    inside = [SupervisedProgram("mailbox", [python, "manage.py", "mailbox"], "command", 2)] if here else []
    return [
        *inside,
        SupervisedProgram("web", gunicorn, "web", 8),
        SupervisedProgram("worker", [*worker, "--loglevel", "WARNING"], "worker", 11, soft),
        SupervisedProgram("beat", [*beat, "--loglevel", "WARNING"], "command", 2),
    ]


class ProcessSupervisor:
    """The one loop that watches; a died program comes back after a pause that doubles while it keeps dying."""

    def __init__(self, stack: ServiceStack, watched: list[SupervisedProgram]) -> None:
        self.stack, self.watched = stack, watched
        self.stopping = False
        self.base_pause = 1.0
        self.base_again_at = 0.0

    def start(self, *names: str) -> None:
        for program in self.watched:
            if program.name in names:
                self.run(program)

    def run(self, program: SupervisedProgram) -> None:
        log = self.stack.places.log(program.name)
        rotate_log(log)
        about = {"CRM_PROCESS": f"crm-{program.name}", "CRM_PROCESS_KIND": program.kind}
        environ = self.stack.environ() | program.environ | about
        program.child = processes.start_process(program.order, log, environ)
        program.started = time.monotonic()
        self.stack.register.add(program.name, program.child.pid)

    def watch(self) -> None:
        """Until a signal asks to stop."""
        self.answer_signals()
        while not self.stopping:
            self.look_after_base()
            for program in self.watched:
                self.look_after(program)
            time.sleep(0.25)

    def answer_signals(self, stopping: bool = False) -> None:
        """From here on a signal asks the loop to stop; one while stopping cuts short the programs' time to end."""
        self.stopping = stopping
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)

    def ask_to_stop(self, *_signal: object) -> None:
        if self.stopping:
            for program in self.watched:  # asked twice: no more patience
                if program.child:
                    processes.kill_process_group(program.child.pid)
        self.stopping = True

    def look_after(self, program: SupervisedProgram) -> None:
        now = time.monotonic()
        if program.child and program.child.poll() is not None:
            if now - program.started > STABLE_SECONDS:
                program.pause = 1
            self.mourn(program.name, program.child.returncode, program.pause)
            processes.kill_process_group(program.child.pid)
            self.stack.register.remove(program.name)
            program.child, program.again_at = None, now + program.pause
            program.pause = min(MAX_PAUSE_SECONDS, program.pause * 2)
        elif program.child is None and now >= program.again_at:
            self.run(program)

    def mourn(self, name: str, status: int, pause: float) -> None:
        log = self.stack.places.log(name)
        terminal.print_line(
            f"{name} stopped ({exit_text(status)}); it starts again in {pause:.0f} s. The end of {log}:"
        )
        terminal.print_line(processes.last_log_lines(log, 8))

    def look_after_base(self) -> None:
        """The database and the broker come back too; they find their data."""
        for name, part in self.stack.parts():
            if part and part.child and part.child.poll() is not None and time.monotonic() >= self.base_again_at:
                self.mourn(name, part.child.returncode, 0)
                try:
                    self.stack.register.add(name, part.start())
                    self.base_pause = 1.0
                except terminal.CommandRefusal:
                    self.base_again_at = time.monotonic() + self.base_pause
                    self.base_pause = min(MAX_PAUSE_SECONDS, self.base_pause * 2)

    def stop(self) -> None:
        """Beat, worker, web; at most half a minute together with broker and database."""
        for program in reversed(self.watched):
            if program.child:
                processes.end_process(program.child.pid, program.grace_seconds)
                processes.reap_process(program.child)
                self.stack.register.remove(program.name)
                program.child = None


def exit_text(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def rotate_log(log: Path) -> None:
    """A log that has grown large moves aside; one older part is kept."""
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        shutil.move(log, log.with_suffix(".log.1"))
