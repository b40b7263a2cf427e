"""What a proof gets and what it saw."""

import os
import random
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

from crm.tools.proofs.scratch_database import urls_of_database


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
