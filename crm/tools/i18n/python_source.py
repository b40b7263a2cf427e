"""Messages in Python code, read from its syntax tree."""

import ast
from collections.abc import Iterator

from crm.tools.i18n.catalog_entries import SourceMessage

# function: (position of the context, of the text, of the plural)
GETTEXT_FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
GETTEXT_FUNCTIONS |= {f"{name}_lazy": positions for name, positions in GETTEXT_FUNCTIONS.items()}
GETTEXT_FUNCTIONS["gettext_noop"] = GETTEXT_FUNCTIONS["_"] = GETTEXT_FUNCTIONS["gettext"]


def messages(source: str) -> Iterator[SourceMessage]:
    """Every call of a gettext function with literal texts, in the order of the file."""
    tree = ast.parse(source)
    functions = GETTEXT_FUNCTIONS | _aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _name(node.func)) in functions:
            yield from _message(node, functions[name])


def _aliases(tree: ast.Module) -> dict[str, tuple[int | None, int, int | None]]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {
        alias.asname: GETTEXT_FUNCTIONS[alias.name]
        for node in imports
        if node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname and alias.name in GETTEXT_FUNCTIONS
    }


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr if function.attr != "_" else ""
    return function.id if isinstance(function, ast.Name) else ""


def _message(call: ast.Call, positions: tuple[int | None, int, int | None]) -> Iterator[SourceMessage]:
    context, text, plural = (None if at is None else _literal(call, at) for at in positions)
    wanted = sum(at is not None for at in positions)
    if text and wanted == sum(part is not None for part in (context, text, plural)):
        yield SourceMessage(text, plural, context)


def _literal(call: ast.Call, position: int) -> str | None:
    if position < len(call.args):
        argument = call.args[position]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return argument.value
    return None
