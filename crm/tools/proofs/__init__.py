"""Long proofs on real processes: each promise has a checker, and a broken variant in which that checker must find violations.

An app's `proofs` module registers its proofs; `bin/prove NAME` runs one in a database of its own.
"""

import importlib
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

NOTHING_BROKEN = "none"


@dataclass
class ProofReport:
    """What a proof saw. The promise held if there is no violation; each violation names the rows it is about."""

    name: str
    seed: int
    seconds: float
    broken: str
    operations: int = 0
    kills: int = 0
    violations: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)

    def violated(self, what: str, **rows: Any) -> None:
        """The checker found something."""
        self.violations.append({"what": what, **rows})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class ProofTrial:
    """What a proof gets: its chance, its time, the mechanism to break, and the database of its processes."""

    report: ProofReport
    chance: random.Random

    @property
    def seconds(self) -> float:
        return self.report.seconds

    @property
    def broken(self) -> str:
        return self.report.broken

    def ends_at(self) -> float:
        """A monotonic instant, `seconds` from now."""
        return time.monotonic() + self.report.seconds

    def environ(self, **more: Any) -> dict[str, str]:
        """The environment of the proof's processes: this connection's database, and what else is given."""
        return {
            **os.environ,
            **urls_of_database(connection.settings_dict["NAME"]),
            **{name: str(value) for name, value in more.items()},
        }


ProofFunction = Callable[[ProofTrial], None]


@dataclass(frozen=True)
class ProofDefinition:
    """A registered proof and the variants in which one mechanism is replaced by a wrong one."""

    name: str
    run: ProofFunction
    variants: tuple[str, ...]


registered_proofs: dict[str, ProofDefinition] = {}


def register_proof(name: str, *, variants: tuple[str, ...]) -> Callable[[ProofFunction], ProofFunction]:
    """Register a proof: it works for `trial.seconds`, counts operations and kills, and reports violations."""

    def keep(run: ProofFunction) -> ProofFunction:
        registered_proofs[name] = ProofDefinition(name, run, variants)
        return run

    return keep


def discover_proofs() -> dict[str, ProofDefinition]:
    """Load every module of this folder that registers a proof."""
    for module in ("care_proof", "outbox_proof", "redeem_race"):
        importlib.import_module(f"{__name__}.{module}")
    return registered_proofs


def run_proof(name: str, *, seed: int, seconds: float, broken: str = NOTHING_BROKEN) -> ProofReport:
    """Run a proof in the present database, which it fills: a scratch or a test database. An unknown name or variant is a LookupError."""
    wanted = discover_proofs()[name]
    if broken not in (NOTHING_BROKEN, *wanted.variants):
        raise LookupError(f"{name} has no variant {broken!r}; it has {', '.join(wanted.variants)}")
    report = ProofReport(name, seed, seconds, broken)
    wanted.run(ProofTrial(report, random.Random(seed)))
    return report


def urls_of_database(database: str) -> dict[str, str]:
    """The addresses of the environment, with another database."""
    names = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if os.environ.get(name)]
    return {name: urlunsplit(urlsplit(os.environ[name])._replace(path=f"/{database}")) for name in names}


@contextmanager
def scratch_database() -> Iterator[None]:
    """A fresh, migrated database for the length of the block; the installation's own is not touched."""
    own = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"prove_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)
