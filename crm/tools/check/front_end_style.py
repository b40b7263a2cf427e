"""Styles and scripts as prettier lays them out and stylelint wants them; npm installs both when this first runs."""

import re
import subprocess
from pathlib import Path

from crm.launcher import frontend, terminal
from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding

PRETTIER = "node_modules/prettier/bin/prettier.cjs"
STYLELINT = "node_modules/stylelint/bin/stylelint.mjs"
SOURCES = ["static/css", "static/js", "stylelint.config.mjs"]
STYLES = "static/css/*.css"
# One line a problem: `/path/file.css:3:1: what is wrong (rule) [error]`.
STYLELINT_LINE = re.compile(r"(?P<path>[^\n:]+):(?P<line>\d+):\d+: (?P<text>[^\n]+)")


def front_end_findings(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Files that prettier would change, and lines that stylelint objects to."""
    try:
        frontend.ensure_dev_tools()
    except terminal.CommandRefusal as refusal:
        return [CheckFinding(Path("package.json"), 1, refusal.text)]
    return [*_unformatted_files(base), *_style_problems(base)]


def _unformatted_files(base: Path) -> list[CheckFinding]:
    done = _run_tool(
        base,
        PRETTIER,
        "--list-different",
        "--no-error-on-unmatched-pattern",
        "--config",
        str(PROJECT_ROOT / "package.json"),
        *SOURCES,
    )
    findings = [
        CheckFinding(Path(name), 1, "laid out otherwise than by prettier: npx prettier --write")
        for name in done.stdout.split("\n")
        if name
    ]
    return [*findings, *_tool_failure("prettier", done, allowed={0, 1})]


def _style_problems(base: Path) -> list[CheckFinding]:
    config = str(PROJECT_ROOT / "stylelint.config.mjs")
    done = _run_tool(base, STYLELINT, "--formatter", "unix", "--allow-empty-input", "--config", config, STYLES)
    findings = [
        CheckFinding(Path(match["path"]).resolve().relative_to(base.resolve()), int(match["line"]), match["text"])
        for match in STYLELINT_LINE.finditer(done.stdout + done.stderr)
    ]
    return findings if findings else _tool_failure("stylelint", done, allowed={0})


def _run_tool(base: Path, tool: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    node = frontend.node_commands()[0]
    return subprocess.run([node, str(PROJECT_ROOT / tool), *arguments], cwd=base, capture_output=True, text=True)


def _tool_failure(name: str, done: "subprocess.CompletedProcess[str]", allowed: set[int]) -> list[CheckFinding]:
    """The tool itself broke down: nothing was checked."""
    if done.returncode in allowed:
        return []
    return [CheckFinding(Path("package.json"), 1, f"{name} ended with {done.returncode}: {done.stderr.strip()}")]
