"""What a stranger can guess from a name: functions of one word and vague classes are the exception."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding, product_modules

AT_MOST = 0.20
VIEW_MODULES = {"views", "api", "portal"}  # a view is called as its address and its template are
UNMEASURED_FOLDERS = {"launcher", "tools", "config"}


@dataclass(frozen=True)
class NameShare:
    """How many of the public names of a kind are of one word."""

    names: int
    one_word: tuple[CheckFinding, ...]

    @property
    def share(self) -> float:
        return len(self.one_word) / max(1, self.names)


def vague_names(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """The one-word functions and classes, where they are more than a fifth of all."""
    shares = (function_names(base), class_names(base))
    return [finding for share in shares if share.share > AT_MOST for finding in share.one_word]


def repeated_classes(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Classes whose name stands twice in the product: one of the two means something else."""
    first: dict[str, Path] = {}
    findings = []
    for path, node in _definitions(base, (ast.ClassDef,), product_modules(base)):
        if node.name in {"Command", "Meta"} or node.name.startswith("_"):
            continue
        if node.name in first and first[node.name] != path:
            findings.append(CheckFinding(path, node.lineno, f"class {node.name} stands in {first[node.name]} too"))
        first.setdefault(node.name, path)
    return findings


def function_names(base: Path = PROJECT_ROOT) -> NameShare:
    """Public functions of kernel and apps; those of one word, views left aside."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    definitions = [item for item in _definitions(base, kinds, _measured(base)) if not item[1].name.startswith("_")]
    vague = [(path, node) for path, node in definitions if "_" not in node.name and not _is_view_module(path)]
    return NameShare(len(definitions), tuple(_finding(path, node) for path, node in vague))


def class_names(base: Path = PROJECT_ROOT) -> NameShare:
    """Classes of kernel and apps beside models; those of one word."""
    definitions = [
        item for item in _definitions(base, (ast.ClassDef,), _measured(base)) if "models" not in str(item[0])
    ]
    vague = [(path, node) for path, node in definitions if sum(letter.isupper() for letter in node.name) == 1]
    return NameShare(len(definitions), tuple(_finding(path, node) for path, node in vague))


def _measured(base: Path) -> list[Path]:
    return [path for path in product_modules(base) if not UNMEASURED_FOLDERS & set(path.relative_to(base).parts[:2])]


def _definitions(base: Path, kinds: tuple[type, ...], paths: list[Path]) -> Iterator[tuple[Path, ast.ClassDef]]:
    """The definitions of some kinds at the top of modules."""
    for path in paths:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, kinds):
                yield path.relative_to(base), node  # type: ignore[misc]


def _is_view_module(path: Path) -> bool:
    return path.stem in VIEW_MODULES or "views" in path.parts


def _finding(path: Path, node: ast.ClassDef) -> CheckFinding:
    return CheckFinding(path, node.lineno, f"{node.name}: one word says too little")
