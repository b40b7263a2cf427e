"""The Python environment: made from the hashed requirements, stamped with their hash, renewed when they change."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm.launcher import terminal
from crm.launcher.paths import ROOT, made

STAMP = ".requirements.json"


def ensure(kind: str, environ: dict[str, str]) -> Path:
    """The Python of an environment that holds everything of requirements/<kind>.txt (dev holds runtime too)."""
    home = Path(environ.get("CRM_ENV") or ROOT / ".venv").expanduser().absolute()
    python = home / "bin" / "python"
    if not is_current(home, kind):
        made(home.parent)
        with alone(home):
            if not is_current(home, kind):
                if not works(python):
                    create(home)
                install(home, kind)
                stamp(home, kind)
    return python


def is_current(home: Path, kind: str) -> bool:
    """The stamp names today's requirements of this kind."""
    try:
        return bool(json.loads((home / STAMP).read_text()).get(kind) == wanted(kind)) and (home / "bin/python").exists()
    except (OSError, ValueError):
        return False


def wanted(kind: str) -> str:
    """What the stamp must say: the hash of the requirements and the Python they were put into."""
    return hashlib.sha256((ROOT / f"requirements/{kind}.txt").read_bytes()).hexdigest()


def stamp(home: Path, kind: str) -> None:
    """Note what is in the environment now; dev is a superset of runtime."""
    kinds = ("runtime", "dev") if kind == "dev" else (kind,)
    fresh = home / f"{STAMP}.new"
    fresh.write_text(json.dumps({name: wanted(name) for name in kinds}))
    fresh.rename(home / STAMP)


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """One at a time: two commands started together must not both install."""
    with open(home.parent / f".{home.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works(python: Path) -> bool:
    """A Python that starts and is new enough (a moved or half-made environment is not)."""
    if not python.exists():
        return False
    check = [str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(check, capture_output=True).returncode == 0


def create(home: Path) -> None:
    """An empty environment: by uv where there is one, else by venv, with or without its own pip."""
    terminal.line(f"Making the Python environment in {home} …")
    if home.exists():
        shutil.rmtree(home)
    uv = shutil.which("uv")
    if uv and run([uv, "venv", "--quiet", "--python", sys.executable, str(home)]):
        return
    for options in ([], ["--without-pip"]):
        if run([sys.executable, "-m", "venv", *options, str(home)]):
            return
        shutil.rmtree(home, ignore_errors=True)
    terminal.refuse(
        f"{sys.executable} cannot make an environment: its module venv is missing.\n"
        "On Debian or Ubuntu: apt install python3-venv. Or put uv on the PATH."
    )


def install(home: Path, kind: str) -> None:
    """Everything of the requirements, each file checked against its hash."""
    terminal.line(f"Installing the {kind} requirements (this takes a minute the first time) …")
    python, file = str(home / "bin" / "python"), str(ROOT / f"requirements/{kind}.txt")
    uv = shutil.which("uv")
    own = [python, "-m", "pip"]
    system = [sys.executable, "-m", "pip", "--python", python]
    if uv:
        order = [uv, "pip", "install", "--quiet", "--python", python]
    elif run([*own, "--version"]):
        order = [*own, "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    elif run([*system, "--version"]):
        order = [*system, "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    else:
        terminal.refuse("There is no pip for this Python.\nOn Debian or Ubuntu: apt install python3-venv python3-pip.")
    done = subprocess.run([*order, "--require-hashes", "-r", file], stdout=sys.stderr)
    if done.returncode:
        terminal.refuse(
            "The requirements could not be installed; the lines above say why.\n"
            "Without a network, point pip or uv at a mirror or a folder of wheels (PIP_INDEX_URL, PIP_FIND_LINKS)."
        )


def run(order: list[str]) -> bool:
    """Whether the command could be run and went well; its words are kept quiet."""
    try:
        return subprocess.run(order, capture_output=True, env={**os.environ, "VIRTUAL_ENV": ""}).returncode == 0
    except OSError:
        return False


def enter(python: Path) -> None:
    """Go on in the environment: the same command, in its Python."""
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        os.execv(str(python), [str(python), *sys.argv])
