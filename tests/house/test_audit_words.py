"""Every act that the code writes into the audit log has a word, and so has every thing."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from crm.kernel.audit import labels
from crm.tools.check.source_paths import PROJECT_ROOT, product_modules
from feedback.tickets.choices import TicketChange

ACT = re.compile(r"[a-z_]+\.[a-z_]+")
# Acts whose names are put together where they are recorded; another such place fails here.
COMPOSED = {
    "feedback/tickets/history.py": {f"ticket.{change}" for change in TicketChange.values},
}


def recorded(tree: ast.Module, composed: set[str]) -> set[str]:
    """The acts that a module records: named on the spot, handed to a function that records them, or put together."""
    found: set[str] = set()
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for first in (call.args[0] for call in calls(function, "record_audit_entry") if is_audit(call)):
            if isinstance(first, ast.Constant):
                found.add(str(first.value))
            elif isinstance(first, ast.Name) and first.id == "action":
                found |= handed(tree, function.name)
            else:
                assert composed, f"line {first.lineno}: say in COMPOSED which acts these are"
                found |= composed
    return found


def calls(node: ast.AST, name: str) -> list[ast.Call]:
    return [
        each
        for each in ast.walk(node)
        if isinstance(each, ast.Call) and name in (getattr(each.func, "attr", ""), getattr(each.func, "id", ""))
    ]


def is_audit(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "audit"


def handed(tree: ast.Module, name: str) -> set[str]:
    texts = [str(arg.value) for call in calls(tree, name) for arg in call.args if isinstance(arg, ast.Constant)]
    return {text for text in texts if ACT.fullmatch(text)}


def acts_of(path: Path) -> set[str]:
    composed = COMPOSED.get(path.relative_to(PROJECT_ROOT).as_posix(), set())
    return recorded(ast.parse(path.read_text(encoding="utf-8")), composed)


@pytest.mark.rule("PL-30", "PL-11")
def test_every_act_of_the_code_has_a_word_and_every_word_an_act():
    found: set[str] = set().union(*(acts_of(path) for path in product_modules(PROJECT_ROOT)))

    assert found == set(labels.action_labels)


@pytest.mark.rule("PL-11")
def test_every_thing_with_a_word_is_a_model():
    assert set(labels.object_labels) <= {model._meta.label_lower for model in apps.get_models()}


@pytest.mark.parametrize(
    ("code", "acts"),
    [
        ('def f():\n    audit.record_audit_entry("a.done", x)', {"a.done"}),
        ('def f(action):\n    audit.record_audit_entry(action)\ndef g():\n    f("b.done")', {"b.done"}),
        ('def f():\n    consent.record_audit_entry("c.done")', set()),
    ],
)
def test_acts_are_found_in_code(code, acts):
    assert recorded(ast.parse(code), set()) == acts


def test_act_put_together_must_be_named():
    with pytest.raises(AssertionError, match="line 2"):
        recorded(ast.parse('def f(x):\n    audit.record_audit_entry(f"a.{x}")'), set())
