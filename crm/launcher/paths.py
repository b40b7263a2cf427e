"""Where everything lies: the project, `var/`, and what is kept in it."""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]
# The shortest limit of a Unix socket's path among the systems we run on (macOS 104 with the closing NUL).
MAX_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class InstallationPaths:
    """The folders of one installation; two of them live side by side by `CRM_VAR`."""

    var: Path

    @classmethod
    def of(cls, environ: dict[str, str], *below: str) -> "InstallationPaths":
        """The installation that the environment names, or one of its own under it (tests, benches)."""
        var = Path(environ.get("CRM_VAR") or PROJECT_ROOT / "var").expanduser().absolute()
        return cls(var.joinpath(*below))

    @property
    def run(self) -> Path:
        return make_folder(self.var / "run")

    @property
    def logs(self) -> Path:
        return make_folder(self.var / "log")

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def sockets(self) -> Path:
        """A folder for the database's socket: under var/, or a short one of our own where that path is too long."""
        near = self.var / "pg"
        if len(os.fsencode(near / SOCKET_NAME)) <= MAX_SOCKET_PATH:
            return make_folder(near)
        mark = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"crm-{os.getuid()}-{mark}"

    def secret(self, name: str) -> str:
        """A random word made once and kept where only this user reads it."""
        path = make_folder(self.var / "secrets", mode=0o700) / name
        if not path.exists():
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48))
            fresh.rename(path)
        return path.read_text().strip()


def make_folder(path: Path, mode: int = 0o755) -> Path:
    """The folder, existing from now on."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    return path


def read_settings(environ: dict[str, str]) -> dict[str, str]:
    """The environment, completed by the lines of `.env`; what is set already wins. Notes when CRM_NOW was said."""
    found: dict[str, str] = {}
    file = PROJECT_ROOT / ".env"
    for text in file.read_text().splitlines() if file.exists() else []:
        name, given, value = text.strip().removeprefix("export ").partition("=")
        if given and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("'\"")
    settled = {**found, **environ}
    if settled.get("CRM_NOW"):
        settled.setdefault("CRM_NOW_SINCE", datetime.now(UTC).isoformat())
    return settled
