"""Which faults a module can have: each is one small change that leaves it Python."""

import ast

import pytest

from crm.tools.mutants.mutations import find_mutations

MODULE = '''"""Rules: 1 + 1."""

LIMIT: int = 3
SQL = """
-- of those AND these
SELECT sum(points) FROM lots WHERE remaining > 0 AND ends <= %(at)s
"""


def is_due(days: int, done: bool = False) -> bool:
    """True from 3 days on: a > b."""
    if done and days:
        raise ValueError(_("too late + sorry"))
    total = sum([days, 2 * LIMIT])
    note(f"余额 {total}")
    return days >= LIMIT or not done
'''


def changes(source: str) -> set[str]:
    return {f"{mutation.original} → {mutation.replacement}" for mutation in find_mutations(source)}


def test_faults_of_a_module():
    assert changes(MODULE) == {
        "3 → 4",
        "> → >=",
        "AND → OR",
        "<= → <",
        "sum( → max(",
        "False → True",
        "done and days → not (done and days)",
        "and → or",
        'raise ValueError(_("too late + sorry")) → pass',
        "sum → max",
        "2 → 3",
        "* → /",
        'note(f"余额 {total}") → pass',
        "days >= LIMIT or not done → None",
        ">= → >",
        "or → and",
        "not done → done",
    }


def test_words_comments_and_annotations_are_left_alone():
    lines = MODULE.splitlines()

    for mutation in find_mutations(MODULE):
        assert '"""Rules' not in lines[mutation.line - 1]
        assert "--" not in lines[mutation.line - 1]
        assert "True from" not in lines[mutation.line - 1]


def test_each_fault_changes_one_piece_and_leaves_python():
    for mutation in find_mutations(MODULE):
        mutant = mutation.apply_to(MODULE)
        ast.parse(mutant)
        assert mutant != MODULE
        assert mutant.count("\n") == MODULE.count("\n")
        assert mutant[mutation.start :].startswith(mutation.replacement)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a if b else c\n", {"b → not (b)"}),
        ("x = a not in b\n", {"not in → in"}),
        ("x = a is not None\n", {"is not → is"}),
        ("x = (a) - (b)\n", {"- → +"}),
        ("x = '%s' % a\n", set()),
        ("总 = 1\n", {"1 → 2"}),
        ("x += 1\n", {"x += 1 → pass", "1 → 2"}),
    ],
)
def test_faults_by_kind(source, expected):
    assert changes(source) == expected
