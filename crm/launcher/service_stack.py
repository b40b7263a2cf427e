"""The embedded database and broker of one var/: owned by one command at a time, used by several.

The owner holds `var/run/owner.lock` for as long as it lives and writes `var/run/stack.json` once everything answers.
Another command that finds the lock held joins: it takes what stands in that file and keeps a shared hold on
`var/run/users.lock`, which an owner that is only a short command waits for before it stops the stack.
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from crm.launcher import processes, terminal
from crm.launcher.paths import InstallationPaths
from crm.launcher.postgres import Postgres
from crm.launcher.valkey import Valkey

JOIN_SECONDS = 90
CLOCK_KEYS = ("CRM_NOW", "CRM_NOW_SINCE")
# What another command must know to join.
SECRET_KEYS = ("SECRET_KEY", "ADDRESS_KEY")
SHARED_KEYS = (
    "CRM_VAR",
    "CRM_DEV",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SITE_URL",
    "MAILBOX_PORT",
    *SECRET_KEYS,
    *CLOCK_KEYS,
)


class ServiceStack:
    """What is embedded here: nothing that the environment names already."""

    def __init__(self, places: InstallationPaths, variables: dict[str, str], fast: bool = False) -> None:
        self.places, self.given = places, variables
        self.postgres = None if variables.get("DATABASE_URL") else Postgres(places, fast)
        self.valkey = None if variables.get("REDIS_URL") else Valkey(places)
        self.register = processes.ProcessRegister(places.run)
        self.note = places.run / "stack.json"
        self.owner: IO[str] | None = None

    def own(self, what: str) -> bool:
        """Whether this command is the one that starts and stops the stack from now on."""
        lock = open(self.places.run / "owner.lock", "a+")  # noqa: SIM115 - held for the life of the process
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self.owner = lock
        self.describe({"pid": os.getpid(), "what": what})
        return True

    def describe(self, owner: dict[str, Any]) -> None:
        """Who holds the lock, for the one who finds it held."""
        assert self.owner
        self.owner.truncate(0)
        self.owner.write(json.dumps(owner))
        self.owner.flush()

    def owned_by(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self.places.run / "owner.lock").read_text()))
        except (OSError, ValueError):
            return {}

    def clear_leftovers(self) -> None:
        """What a killed predecessor left running is ended."""
        self.note.unlink(missing_ok=True)
        left = self.register.leftovers()
        left.pop("postgres", None)  # told apart by its data folder, see postgres.py
        if left:
            terminal.print_line(f"A killed predecessor left running: {', '.join(left)}; ending them …")
            broker = left.pop("valkey", None)  # after the worker, which would else wait for it
            processes.end_processes(list(left.values()), 6)
            processes.end_processes([broker] if broker else [], 4)

    def start(self) -> None:
        """Database and broker answer; both start at the same time."""
        with ThreadPoolExecutor() as pool:
            starts = [(part, name, pool.submit(part.start)) for name, part in self.parts() if part]
        for _part, name, pid in starts:
            self.register.add(name, pid.result())

    def stop(self) -> None:
        """Broker, then database."""
        for name, part in reversed(self.parts()):
            if part:
                part.stop()
                self.register.remove(name)

    def parts(self) -> list[tuple[str, Postgres | Valkey | None]]:
        return [("postgres", self.postgres), ("valkey", self.valkey)]

    def environ(self) -> dict[str, str]:
        """The environment that the product's processes run in; what the person set stays."""
        ours = {"CRM_VAR": str(self.places.var), "DJANGO_SETTINGS_MODULE": "crm.config.settings"}
        if self.postgres:
            ours |= {
                "DATABASE_URL": self.postgres.url("crm_app"),
                "DATABASE_OWNER_URL": self.postgres.url("crm_owner"),
                "SECRET_KEY": self.given.get("SECRET_KEY") or self.places.secret("key"),
                "ADDRESS_KEY": self.given.get("ADDRESS_KEY") or self.places.secret("address-key"),
                "CRM_DEV": self.given.get("CRM_DEV", "1"),
            }
        if self.valkey:
            ours["REDIS_URL"] = self.valkey.url()
        return {**self.given, **ours}

    def publish(self) -> None:
        """Others may join now."""
        fresh = self.note.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps({name: value for name, value in self.environ().items() if name in SHARED_KEYS}))
        fresh.rename(self.note)

    def withdraw(self) -> None:
        """Nobody joins any more; those who did are waited for."""
        self.note.unlink(missing_ok=True)
        with open(self.places.run / "users.lock", "a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)

    @contextlib.contextmanager
    def joined(self) -> Iterator[dict[str, str] | None]:
        """The environment of the running stack, held until the block ends; None when there is none to join."""
        with open(self.places.run / "users.lock", "a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            yield self.owner_environ()

    def owner_environ(self) -> dict[str, str] | None:
        """What the owner wrote, over what was given; only a clock given to this command goes before the owner's."""
        try:
            written = json.loads(self.note.read_text())
        except FileNotFoundError:
            return None
        clock = {name: self.given.get(name, "") for name in CLOCK_KEYS if "CRM_NOW" in self.given}
        return {**self.given, "DJANGO_SETTINGS_MODULE": "crm.config.settings", **written, **clock}


@contextlib.contextmanager
def running_stack(
    stack: ServiceStack, what: str, prepare: Callable[[dict[str, str]], object]
) -> Iterator[dict[str, str]]:
    """The environment of the running stack, or of this one, started, prepared and offered to others for this block."""
    until = time.monotonic() + JOIN_SECONDS
    while not stack.own(what):
        with stack.joined() as environ:
            if environ:
                yield environ
                return
        if time.monotonic() > until:
            terminal.refuse_command(
                f"In {stack.places.var} another command has been starting or stopping too long: {stack.owned_by()}"
            )
        time.sleep(0.1)
    try:
        stack.clear_leftovers()
        stack.start()
        prepare(stack.environ())
        stack.publish()
        yield stack.environ()
    finally:
        stack.withdraw()
        stack.stop()
