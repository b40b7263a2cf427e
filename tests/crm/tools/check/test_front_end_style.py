"""Planted styles and scripts; the tools are those that bin/check has installed, and without them nothing is tested."""

from pathlib import Path

import pytest

from crm.launcher import frontend, terminal
from crm.tools.check.front_end_style import front_end_findings

has_dev_tools = pytest.mark.skipif(
    not frontend.is_installed(frontend.DEV_TOOLS_MARK), reason="bin/check has not installed prettier and stylelint"
)


@pytest.fixture
def planted(tmp_path: Path):
    def write(name: str, text: str) -> list[str]:
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return [str(finding) for finding in front_end_findings(tmp_path)]

    return write


@has_dev_tools
@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("css/a.css", ".a { color: red; top: 0; }\n", "static/css/a.css:1: laid out otherwise than by prettier"),
        ("js/a.js", 'const a = "b"\n', "static/js/a.js:1: laid out otherwise than by prettier"),
        ("css/a.css", ".a {\n  colour: red;\n}\n", "static/css/a.css:2: Unexpected unknown property"),
        ("css/a.css", ".a {\n  top: 0;\n}\n\n.a {\n  left: 0;\n}\n", "static/css/a.css:5: Unexpected duplicate"),
    ],
)
def test_what_the_tools_object_to_is_found(planted, name, text, found):
    findings = planted(name, text)

    assert any(finding.startswith(found) for finding in findings), findings


@has_dev_tools
@pytest.mark.parametrize(("name", "text"), [("css/a.css", ".a {\n  top: 0;\n}\n"), ("js/a.js", "const a = 'b';\n")])
def test_a_tidy_file_is_left_alone(planted, name, text):
    assert planted(name, text) == []


def test_tools_that_cannot_be_had_are_a_finding(monkeypatch):
    def refuse() -> None:
        raise terminal.CommandRefusal("no network")

    monkeypatch.setattr(frontend, "ensure_dev_tools", refuse)

    assert [str(finding) for finding in front_end_findings()] == ["package.json:1: no network"]
