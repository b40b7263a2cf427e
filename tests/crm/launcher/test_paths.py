"""Folders, secrets and the lines of .env."""

import pytest

from crm.launcher import paths as module
from crm.launcher.paths import InstallationPaths, read_settings

pytestmark = pytest.mark.rule("PL-1")


def test_crm_var_moves_everything(tmp_path):
    assert InstallationPaths.of({"CRM_VAR": str(tmp_path)}).var == tmp_path
    assert InstallationPaths.of({"CRM_VAR": str(tmp_path)}, "test").var == tmp_path / "test"
    assert InstallationPaths.of({}).var == module.PROJECT_ROOT / "var"


def test_secret_is_made_once_and_read_by_its_user_only(places):
    first = places.secret("key")

    assert places.secret("key") == first
    assert len(first) >= 60
    assert (places.var / "secrets" / "key").stat().st_mode & 0o077 == 0
    assert places.secret("other") != first


def test_lines_of_dot_env_count_unless_set_already(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PROJECT_ROOT", tmp_path)
    (tmp_path / ".env").write_text(
        "# a comment\nDATABASE_URL='postgresql://there/crm'\nexport LOG_LEVEL=DEBUG\n#REDIS_URL=x\n\n"
    )

    found = read_settings({"LOG_LEVEL": "ERROR"})

    assert found == {"DATABASE_URL": "postgresql://there/crm", "LOG_LEVEL": "ERROR"}


def test_moment_of_saying_crm_now_is_noted_once():
    first = read_settings({"CRM_NOW": "2026-02-28T10:00:00+08:00"})

    assert first["CRM_NOW_SINCE"]
    assert read_settings(first)["CRM_NOW_SINCE"] == first["CRM_NOW_SINCE"]
    assert "CRM_NOW_SINCE" not in read_settings({})
