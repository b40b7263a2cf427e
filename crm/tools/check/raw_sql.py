"""Where SQL stands: in `queries`, and about tables of its own app."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding, product_modules

STATEMENT = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s+\S")
TABLE = re.compile(r"\b(customers|loyalty|feedback|retention|kernel)_[a-z]+\b")
# These are about SQL itself, or build and measure databases.
FREE_FOLDERS = ("crm/kernel/db/", "crm/kernel/management/", "crm/launcher/", "crm/tools/")

# SQL outside `queries`, each with its reason.
ELSEWHERE: dict[str, str] = {}

# SQL over tables of an app below, each with its reason: set-based work for which a selector would carry a million rows
# through Python. The table of a sibling or of an app above is never named.
FOREIGN_TABLES: dict[str, str] = {}

APPS_BELOW = {
    "crm": set(),
    "customers": {"kernel"},
    "loyalty": {"kernel", "customers"},
    "feedback": {"kernel", "customers"},
    "retention": {"kernel", "customers", "loyalty", "feedback"},
}


def scattered_sql(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Statements outside a module `queries` that nobody gave a reason for."""
    return [
        CheckFinding(path, line, "SQL outside queries.py")
        for path, line, _sql in _statements(base)
        if not _is_queries(path) and path.as_posix() not in ELSEWHERE
    ]


def foreign_sql(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Statements that name a table of another app: the owner offers what is asked of it."""
    findings = []
    for path, line, sql in _statements(base):
        app = path.parts[0]
        foreign = {match[0] for match in TABLE.finditer(sql) if match[1] != ("kernel" if app == "crm" else app)}
        refused = {table for table in foreign if table.partition("_")[0] not in APPS_BELOW[app]}
        if path.as_posix() not in FOREIGN_TABLES:
            refused = foreign
        findings += [CheckFinding(path, line, f"SQL over {table}, which is not its own") for table in sorted(refused)]
    return findings


def _is_queries(path: Path) -> bool:
    return path.stem in {"queries", "relations"} or "queries" in path.parts


def _statements(base: Path) -> Iterator[tuple[Path, int, str]]:
    for path in product_modules(base):
        relative = path.relative_to(base)
        if relative.as_posix().startswith(FREE_FOLDERS):
            continue
        for node, text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
            if STATEMENT.match(text) and (TABLE.search(text) or _is_queries(relative)):
                yield relative, node.lineno, text


def _texts(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Texts as they stand in the code; what an f-string puts in is left out."""
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
            inner |= {id(part) for part in parts}
            yield node, "".join(str(part.value) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node, node.value
