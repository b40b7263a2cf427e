"""How a run at more customers compares with an earlier one at fewer: medians of the same pieces."""

from collections.abc import Mapping
from typing import Any

from crm.tools.bench.timing import OURS


def compare_runs(findings: dict[str, Any], earlier: Mapping[str, Any]) -> None:
    """Say beside each piece how many times as long ours takes as in the earlier run, and whether that was the aim."""
    before = {piece["name"]: piece for piece in earlier["pieces"] if "sides" in piece}
    for piece in findings["pieces"]:
        if "sides" in piece and piece["name"] in before:
            piece["grown"] = _growth_verdict(piece, before[piece["name"]], earlier["customers"])


def _growth_verdict(piece: Mapping[str, Any], before: Mapping[str, Any], customers: int) -> dict[str, Any]:
    ratio = piece["sides"][OURS]["median_ms"] / before["sides"][OURS]["median_ms"]
    most = piece["growth"]
    aim = f"≤ {most:g} × the time" if most else ""
    return {"from": customers, "ratio": round(ratio, 3), "aim": aim, "kept": not most or ratio <= most}
