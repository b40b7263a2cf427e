"""The printed table: every side of every piece with its range, what ours is to it, and whether the aim is kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from crm.tools.bench.timing import OURS

TABLE_HEAD = f"{'piece':<30}{'median ms (min–max)':>34}{'p95 ms':>11}{'a second':>11}{'ours : it':>10}  aim"
BenchFindings = Mapping[str, Any]


def table_lines(findings: BenchFindings) -> Iterator[str]:
    """The whole table."""
    yield f"{findings['customers']:,} customers, {findings['orders']:,} orders"
    yield TABLE_HEAD
    for piece in findings["pieces"]:
        yield from _benchmark_lines(piece)
    if findings["load"]:
        yield from _load_lines(findings["load"])
    yield ""
    yield aims_summary(findings)


def aims_summary(findings: BenchFindings) -> str:
    """How many aims are kept, and plainly which are missed."""
    said = [(f"{piece['name']}: {name}", verdict) for piece in findings["pieces"] for name, verdict in _verdicts(piece)]
    missed = [name for name, verdict in said if not verdict["kept"]]
    return f"{len(said) - len(missed)} of {len(said)} aims kept" + (f"; missed: {', '.join(missed)}" if missed else "")


def _verdicts(piece: BenchFindings) -> Iterator[tuple[str, BenchFindings]]:
    yield from piece.get("aims", {}).items()
    yield from piece.get("used", {}).items()
    if "grown" in piece and piece["grown"]["aim"]:
        yield f"{piece['grown']['from']:,} customers", piece["grown"]


def _benchmark_lines(piece: BenchFindings) -> Iterator[str]:
    if "unequal" in piece:
        yield f"{piece['name']:<30} no figure: {piece['unequal']}"
        return
    for side, figures in piece["sides"].items():
        name = piece["name"] if side == OURS else f"  {side}"
        ratio = f"{piece['ratios'][side]:.2f}" if side != OURS else ""
        span = f"{figures['median_ms']:,.2f} ({figures['min_ms']:,.2f}–{figures['max_ms']:,.2f})"
        numbers = f"{span:>34}{figures['p95_ms']:>11,.2f}{figures['per_second']:>11,.1f}{ratio:>10}"
        yield f"{name:<30}{numbers}  {_verdict_text(piece['aims'].get(side))}".rstrip()
    for name, verdict in piece["used"].items():
        yield f"{'  ' + name:<30}{verdict['found']:>66}  {_verdict_text(verdict)}"
    if grown := piece.get("grown"):
        name = f"  at {grown['from']:,} customers"
        yield f"{name:<30}{grown['ratio']:>66.2f}  {_verdict_text(grown)}".rstrip()


def _verdict_text(verdict: BenchFindings | None) -> str:
    if verdict is None or not verdict["aim"]:
        return ""
    found = f"{verdict['ratio']:.2f}, " if "ratio" in verdict else ""
    return f"{found}aim {verdict['aim']}: {'kept' if verdict['kept'] else 'MISSED'}"


def _load_lines(load: BenchFindings) -> Iterator[str]:
    yield ""
    yield f"load: {load['requests']:,} requests, {load['errors']} errors {load['first_error']}".rstrip()
    for name, kind in load["kinds"].items():
        yield f"  {name:<18}{kind['requests']:>7,}  p50 {kind['p50_ms']:>8.1f} ms  p95 {kind['p95_ms']:>8.1f} ms"
