"""Words that docs/glossary.md keeps out of names, because they meant several things or have to be guessed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding, product_modules

HEADING = "## Words that no name uses"
# A word of the table that is told of names "by itself" may be part of one: `last_asked_at`.
ALONE = "by itself"
ROW = re.compile(r"^\| ([a-z, ]+) \| ([^|]*) \|", re.MULTILINE)
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def banned_words(base: Path = PROJECT_ROOT) -> tuple[set[str], set[str]]:
    """The first column of the glossary's table: words that are no part of a name, and those that are no whole name."""
    text = (base / "docs/glossary.md").read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    rows = [row for row in ROW.findall(text) if row[0] != "word"]
    whole = {word for words, meaning in rows if meaning.startswith(ALONE) for word in words.split(", ")}
    return {word for words, _meaning in rows for word in words.split(", ")} - whole, whole


def misnamed(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Modules, classes, functions and parameters that bear such a word."""
    parts, whole = banned_words(base)
    return [
        CheckFinding(path, line, f"{name}: {word} is no word of a name (docs/glossary.md)")
        for path, line, name in _names(base)
        for word in HUMP.sub("_", name).lower().split("_")
        if word in parts or (word in whole and name.lower() == word)
    ]


def _names(base: Path) -> Iterator[tuple[Path, int, str]]:
    for path in product_modules(base):
        relative = path.relative_to(base)
        yield relative, 1, relative.stem
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield relative, node.lineno, node.name
            elif isinstance(node, ast.arg):
                yield relative, node.lineno, node.arg
