"""The proofs by name, and how one is run."""

import importlib
import random
from collections.abc import Callable
from dataclasses import dataclass

from crm.tools.proofs.report import ProofReport, ProofTrial

NOTHING_BROKEN = "none"
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
        importlib.import_module(f"crm.tools.proofs.{module}")
    return registered_proofs


def run_proof(name: str, *, seed: int, seconds: float, broken: str = NOTHING_BROKEN) -> ProofReport:
    """Run a proof in the present database, which it fills: a scratch or a test database. An unknown name or variant is a LookupError."""
    wanted = discover_proofs()[name]
    if broken not in (NOTHING_BROKEN, *wanted.variants):
        raise LookupError(f"{name} has no variant {broken!r}; it has {', '.join(wanted.variants)}")
    report = ProofReport(name, seed, seconds, broken)
    wanted.run(ProofTrial(report, random.Random(seed)))
    return report
