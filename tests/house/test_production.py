"""Settings as a team runs them: nothing that Django warns about, nothing of the development default."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """The environment of .env.example, filled in."""
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ADDRESS_KEY": secrets.token_urlsafe(64),
        "SITE_URL": "https://crm.example.com",
        "ALLOWED_HOSTS": "crm.example.com",
        "CSRF_TRUSTED_ORIGINS": "https://crm.example.com",
        "EMAIL_URL": "smtp+tls://user:word@mail.example.com:587",
        "REDIS_URL": "redis://:word@127.0.0.1:1/0",
        "TRUST_PROXY": "1",
        "CRM_VAR": str(tmp_path),
    }


def check(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    order = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(order, cwd=ROOT, env=environ, capture_output=True, text=True)


# Of development, of an installation without containers, or settled by another of the settings.
NOT_COMPOSED = {"CRM_DEV", "CRM_NOW", "CRM_VAR", "CRM_ENV", "HSTS_SECONDS"}


@pytest.mark.rule("PL-2")
def test_containers_are_given_every_setting_of_the_example() -> None:
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.M))
    given = set(re.findall(r"^    ([A-Z][A-Z_]+): ", (ROOT / "docker-compose.yml").read_text("utf-8"), re.M))

    assert "NUM_PROXIES" in named
    assert named - given == NOT_COMPOSED


@pytest.mark.rule("PL-2")
def test_deployment_check_finds_nothing_in_production(production: dict[str, str]) -> None:
    done = check(production)

    assert done.returncode == 0, done.stderr


@pytest.mark.rule("PL-2")
def test_deployment_check_warns_of_plain_http(production: dict[str, str]) -> None:
    done = check({**production, "HTTPS": "0"})

    assert done.returncode == 1
    assert "security.W" in done.stderr


@pytest.mark.rule("PL-2")
def test_production_does_not_start_without_a_key(production: dict[str, str]) -> None:
    del production["SECRET_KEY"]

    done = check(production)

    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr


@pytest.mark.rule("PL-1")
def test_product_clock_cannot_be_set_in_production(production: dict[str, str]) -> None:
    done = check({**production, "CRM_NOW": "2026-02-28T10:00:00+08:00"})

    assert done.returncode == 1
    assert "CRM_NOW" in done.stderr
