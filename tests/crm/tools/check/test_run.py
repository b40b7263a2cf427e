import subprocess
import sys

import pytest

from crm.tools.check import __main__ as check
from crm.tools.check import rule_marks
from crm.tools.check.python_texts import untranslated_texts
from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding


def test_a_step_that_finds_something_fails_with_what_it_found(tmp_path):
    step = check.CheckStep("planted", lambda: [CheckFinding(tmp_path / "x.py", 3, "wrong")])

    outcome = check.run_step(step)

    assert (outcome.passed, outcome.output) == (False, f"{tmp_path}/x.py:3: wrong")


@pytest.mark.parametrize(("code", "passed"), [("print('fine')", True), ("import sys; sys.exit('broken')", False)])
def test_a_command_passes_by_its_exit_status(code, passed):
    outcome = check.run_step(check.CheckStep("planted", [sys.executable, "-c", code]))

    assert outcome.passed is passed
    assert outcome.output in ("fine", "broken")


def test_the_whole_fails_when_one_step_fails(monkeypatch, capsys):
    fine = check.CheckStep("fine", lambda: [])
    broken = check.CheckStep("broken", [sys.executable, "-c", "raise SystemExit(1)"])

    statuses = []
    for steps in ([fine], [fine, broken]):
        monkeypatch.setattr(check, "STEPS", steps)
        monkeypatch.setattr(sys, "argv", ["check"])
        statuses.append(check.main())

    assert statuses == [0, 1]
    assert "1 of 2 checks passed; not: broken" in capsys.readouterr().out


def test_rules_without_a_test_are_printed_one_a_line():
    done = subprocess.run(
        [sys.executable, "-m", "crm.tools.check", "--rules"], cwd=PROJECT_ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0
    assert (
        done.stderr.strip() == f"{len(done.stdout.split())} of {len(rule_marks.specified_rules())} rules have no test"
    )


def test_help_texts_for_programmers_may_be_english(tmp_path):
    for name in ("models", "serializers", "forms"):
        (tmp_path / "crm").mkdir(exist_ok=True)
        (tmp_path / f"crm/{name}.py").write_text("x = Field(help_text='Where to go on.')\n")

    assert [finding.path.name for finding in untranslated_texts(tmp_path)] == ["forms.py"]
