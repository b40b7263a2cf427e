"""English in Python code that a person will read although no gettext call is around it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding, product_modules
from crm.tools.check.template_markup import is_english

READ_KEYWORDS = {"label", "help_text", "empty_label", "placeholder"}
READ_CALLS = {"ValidationError": 0, "toast": 1, "success": 1, "add_error": 1}
CHOICES_CLASSES = {"TextChoices", "IntegerChoices"}
PROGRAMMER_MODULES = {"models", "serializers", "api"}  # help texts in the code and in the description of the API
COMMAND_FOLDERS = {"management", "launcher", "check", "i18n"}


def untranslated_texts(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Labels, choices and refusals given as bare English."""
    files = [path for path in product_modules(base) if not COMMAND_FOLDERS & set(path.parts)]
    return [
        CheckFinding(path.relative_to(base), node.lineno, f"English without gettext: {node.value!r}")
        for path in files
        for node in _read_constants(ast.parse(path.read_text(encoding="utf-8")), _read_keywords(path))
        if isinstance(node.value, str) and is_english(node.value)
    ]


def _read_keywords(path: Path) -> set[str]:
    return READ_KEYWORDS - {"help_text"} if path.stem in PROGRAMMER_MODULES else READ_KEYWORDS


def _read_constants(tree: ast.Module, keywords: set[str]) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _call_constants(node, keywords)
        elif isinstance(node, ast.ClassDef) and CHOICES_CLASSES & {_name(base) for base in node.bases}:
            yield from _choices_constants(node)


def _call_constants(call: ast.Call, keywords: set[str]) -> Iterator[ast.Constant]:
    for keyword in call.keywords:
        if keyword.arg in keywords and isinstance(keyword.value, ast.Constant):
            yield keyword.value
    position = READ_CALLS.get(_name(call.func))
    if position is not None and position < len(call.args):
        argument = call.args[position]
        if isinstance(argument, ast.Constant):
            yield argument


def _choices_constants(node: ast.ClassDef) -> Iterator[ast.Constant]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
            label = statement.value.elts[-1]
            if isinstance(label, ast.Constant):
                yield label


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
