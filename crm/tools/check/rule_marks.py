"""Rules of the specification, and which of them a test names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT

RULE_ID = re.compile(r"\*\*([A-Z]{2}-\d+)\*\*")


def specified_rules(base: Path = PROJECT_ROOT) -> list[str]:
    """Every rule's id: from the specification where it lies beside the repository, else from our list of them."""
    specification = sorted((base.parent / "shared/spec").glob("*.md"))
    if specification:
        found = {rule for path in specification for rule in RULE_ID.findall(path.read_text(encoding="utf-8"))}
        return sorted(found, key=_rule_sort_key)
    return (base / "docs/rules.txt").read_text(encoding="utf-8").split()


def test_files_by_rule(base: Path = PROJECT_ROOT) -> dict[str, list[str]]:
    """For each rule that a test names with `@pytest.mark.rule(…)`, the files of those tests."""
    found: dict[str, list[str]] = {}
    for path in sorted((base / "tests").rglob("*.py")):
        for rule in sorted(set(_marked_rules(path))):
            found.setdefault(rule, []).append(path.relative_to(base).as_posix())
    return found


def untested_rules(base: Path = PROJECT_ROOT) -> list[str]:
    named = test_files_by_rule(base)
    return [rule for rule in specified_rules(base) if rule not in named]


def _marked_rules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rule":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def _rule_sort_key(rule: str) -> tuple[str, int]:
    letters, number = rule.split("-")
    return letters, int(number)
