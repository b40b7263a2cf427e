"""The stamp on the environment: renewed when the requirements change, never trusted beyond that."""

import json

import pytest

from crm.launcher import environment

pytestmark = pytest.mark.rule("PL-1")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A made environment beside requirements of its own."""
    monkeypatch.setattr(environment, "PROJECT_ROOT", tmp_path)
    (tmp_path / "requirements").mkdir()
    for kind in ("runtime", "dev"):
        (tmp_path / f"requirements/{kind}.txt").write_text(f"{kind}==1 --hash=sha256:00\n")
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/bin/python").touch()
    return tmp_path / "venv"


def test_new_environment_is_not_current(home):
    assert not environment.is_current(home, "runtime")


def test_dev_environment_serves_runtime_too(home):
    environment.write_stamp(home, "dev")

    assert environment.is_current(home, "dev")
    assert environment.is_current(home, "runtime")


def test_runtime_environment_does_not_serve_dev(home):
    environment.write_stamp(home, "runtime")

    assert environment.is_current(home, "runtime")
    assert not environment.is_current(home, "dev")


def test_changed_requirements_ask_for_a_renewal(home, tmp_path):
    environment.write_stamp(home, "runtime")
    (tmp_path / "requirements/runtime.txt").write_text("runtime==2 --hash=sha256:00\n")

    assert not environment.is_current(home, "runtime")


def test_stamp_without_a_python_or_broken_is_not_trusted(home):
    environment.write_stamp(home, "runtime")
    (home / environment.STAMP_NAME).write_text(json.dumps("nonsense")[:4])
    assert not environment.is_current(home, "runtime")

    environment.write_stamp(home, "runtime")
    (home / "bin/python").unlink()
    assert not environment.is_current(home, "runtime")


def test_requirements_are_hashed_and_name_no_host():
    for kind in ("runtime", "dev"):
        text = (environment.PROJECT_ROOT / f"requirements/{kind}.txt").read_text()
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]

        assert pins
        assert all("==" in line and line.endswith("\\") for line in pins)
        assert "://" not in text
        assert "index-url" not in text
