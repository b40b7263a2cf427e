"""Rules of the specification, and which of them a test names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from crm.tools.check.source_paths import BASE

RULE = re.compile(r"\*\*([A-Z]{2}-\d+)\*\*")


def wanted(base: Path = BASE) -> list[str]:
    """Every rule's id: from the specification where it lies beside the repository, else from our list of them."""
    specification = sorted((base.parent / "shared/spec").glob("*.md"))
    if specification:
        found = {rule for path in specification for rule in RULE.findall(path.read_text(encoding="utf-8"))}
        return sorted(found, key=_order)
    return (base / "docs/rules.txt").read_text(encoding="utf-8").split()


def named_by_tests(base: Path = BASE) -> dict[str, list[str]]:
    """For each rule that a test names with `@pytest.mark.rule(…)`, the files of those tests."""
    found: dict[str, list[str]] = {}
    for path in sorted((base / "tests").rglob("*.py")):
        for rule in sorted(set(_marks(path))):
            found.setdefault(rule, []).append(path.relative_to(base).as_posix())
    return found


def untested(base: Path = BASE) -> list[str]:
    named = named_by_tests(base)
    return [rule for rule in wanted(base) if rule not in named]


def _marks(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rule":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def _order(rule: str) -> tuple[str, int]:
    letters, number = rule.split("-")
    return letters, int(number)
