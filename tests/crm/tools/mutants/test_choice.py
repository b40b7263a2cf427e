"""Which faults are chosen, which tests judge them, and what is reported."""

from collections import Counter
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT
from crm.tools.mutants import __main__ as mutants
from crm.tools.mutants.mutations import Mutation

RULES = PROJECT_ROOT / "loyalty/points/rules.py"


def placed(line: int, path: Path = RULES) -> mutants.PlacedMutation:
    return mutants.PlacedMutation(path, Mutation(line, 0, 1, "<", "<="))


def entry(seconds: float, *lines: int, path: Path = RULES) -> dict:
    return {"seconds": seconds, "lines": {str(path): list(lines)}}


def test_same_seed_chooses_the_same_faults():
    chosen = [mutants.choose_mutations([RULES], seed=seed, count=5) for seed in (7, 7, 8)]

    assert chosen[0] == chosen[1] != chosen[2]
    assert len(set(chosen[0])) == 5


def test_tests_over_the_line_judge_those_of_its_own_module_first():
    record = {
        "tests/a/test_views.py::quick": entry(0.1, 10, 11),
        "tests/a/test_rules.py::slow": entry(2.0, 10),
        "tests/a/test_rules.py::elsewhere": entry(0.1, 30),
    }

    tests, seconds = mutants.choose_tests(placed(10), record)

    assert tests == ["tests/a/test_rules.py::slow", "tests/a/test_views.py::quick"]
    assert seconds == 2.1


def test_what_runs_at_import_concerns_every_test_of_the_module():
    record = {"tests/a.py::one": entry(0.1, 30), "tests/b.py::other": entry(0.1, 1, path=PROJECT_ROOT / "x.py")}

    assert mutants.choose_tests(placed(3), record)[0] == ["tests/a.py::one"]


def test_less_than_enough_fails_and_names_the_survivors(capsys):
    statuses = [mutants.report([placed(10)], Counter(survived=1, killed=killed), seconds=3) for killed in (5, 6)]

    assert statuses == [1, 0]
    assert "loyalty/points/rules.py:10: < → <=" in capsys.readouterr().out


def test_modules_with_decisions_are_mutated_and_nothing_else():
    stems = {path.stem for path in mutants.mutated_modules("loyalty")}

    assert stems == {"rules", "selectors", "services", "queries"}
