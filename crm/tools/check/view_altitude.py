"""What a view may not do itself: query tables, or write down acts."""

import ast
from collections.abc import Iterator
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding, product_modules

VIEW_MODULES = {"views", "api", "portal"}
# "Fetch with permission": these take a query set and give back a record or a refusal.
FETCHING = {"get_visible_or_404", "get_own_or_404", "get_object_or_404"}


def low_views(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Views that reach for a manager outside of fetching with permission, or write audit rows."""
    findings = []
    for path in product_modules(base):
        relative = path.relative_to(base)
        if relative.parts[:2] != ("crm", "tools") and _is_view_module(relative):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            findings += [CheckFinding(relative, line, text) for line, text in sorted(_low_places(tree))]
    return findings


def _is_view_module(path: Path) -> bool:
    return path.stem in VIEW_MODULES or "views" in path.parts


def _low_places(tree: ast.AST) -> Iterator[tuple[int, str]]:
    fetched = {
        id(inner)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _called(call) in FETCHING
        for argument in call.args[:1]
        for inner in ast.walk(argument)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and id(node) not in fetched:
            yield node.lineno, ".objects in a view: a selector or a service does it"
        if isinstance(node, ast.Call) and _called(node) == "record_audit_entry":
            yield node.lineno, "an audit row written in a view: the service that acts writes it"


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
