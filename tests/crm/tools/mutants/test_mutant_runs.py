"""A planted module with a planted test: one fault is noticed, one is not, one never ends."""

import sys

import pytest

from crm.tools.mutants import mutant_runs

FINE = "def is_due(days):\n    return days >= 3\n"
TEST = "import planted_rules\n\n\ndef test_due():\n    assert planted_rules.is_due(4)\n    assert not planted_rules.is_due(1)\n"


@pytest.fixture
def planted_test(tmp_path, monkeypatch) -> str:
    """A test of the module `planted_rules`, in a project of its own without Django."""
    (tmp_path / "planted_rules.py").write_text(FINE)
    (tmp_path / "test_planted.py").write_text(TEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    monkeypatch.setattr(mutant_runs, "PROJECT_ROOT", tmp_path)
    without = [part for plugin in ("cacheprovider", "django", "playwright") for part in ("-p", f"no:{plugin}")]
    monkeypatch.setattr(mutant_runs, "QUIET", ("-x", "-q", *without, f"--rootdir={tmp_path}"))
    monkeypatch.syspath_prepend(str(tmp_path))
    return str(tmp_path / "test_planted.py")


@pytest.mark.parametrize(
    ("mutant", "outcome"),
    [
        (FINE, "survived"),
        (FINE.replace(">=", ">"), "survived"),  # nobody tries day 3
        (FINE.replace(">=", "<"), "killed"),
        (FINE.replace("return", "raise"), "killed"),
        ("raise ImportError\n", "killed"),
        (FINE.replace("    return", "    while True: pass\n    return"), "timed out"),
    ],
)
def test_verdict_on_a_mutant(planted_test, mutant, outcome):
    assert "planted_rules" not in sys.modules

    assert mutant_runs.judge_mutant("planted_rules", mutant, [planted_test], 4) == outcome
