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
from crm.launcher.paths import PROJECT_ROOT, make_folder

STAMP_NAME = ".requirements.json"


def ensure_environment(kind: str, environ: dict[str, str]) -> Path:
    """The Python of an environment that holds everything of requirements/<kind>.txt (dev holds runtime too)."""
    home = Path(environ.get("CRM_ENV") or PROJECT_ROOT / ".venv").expanduser().absolute()
    python = home / "bin" / "python"
    if not is_current(home, kind):
        make_folder(home.parent)
        with installation_lock(home):
            if not is_current(home, kind):
                if not is_usable_python(python):
                    create_environment(home)
                install_requirements(home, kind)
                write_stamp(home, kind)
    return python


def is_current(home: Path, kind: str) -> bool:
    """The stamp names today's requirements of this kind."""
    try:
        return (
            bool(json.loads((home / STAMP_NAME).read_text()).get(kind) == requirements_hash(kind))
            and (home / "bin/python").exists()
        )
    except (OSError, ValueError):
        return False


def requirements_hash(kind: str) -> str:
    """What the stamp must say: the hash of the requirements and the Python they were put into."""
    return hashlib.sha256((PROJECT_ROOT / f"requirements/{kind}.txt").read_bytes()).hexdigest()


def write_stamp(home: Path, kind: str) -> None:
    """Note what is in the environment now; dev is a superset of runtime."""
    kinds = ("runtime", "dev") if kind == "dev" else (kind,)
    fresh = home / f"{STAMP_NAME}.new"
    fresh.write_text(json.dumps({name: requirements_hash(name) for name in kinds}))
    fresh.rename(home / STAMP_NAME)


@contextmanager
def installation_lock(home: Path) -> Iterator[None]:
    """One at a time: two commands started together must not both install."""
    with open(home.parent / f".{home.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_usable_python(python: Path) -> bool:
    """A Python that starts and is new enough (a moved or half-made environment is not)."""
    if not python.exists():
        return False
    check = [str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(check, capture_output=True).returncode == 0


def create_environment(home: Path) -> None:
    """An empty environment: by uv where there is one, else by venv, with or without its own pip."""
    terminal.print_line(f"Making the Python environment in {home} …")
    if home.exists():
        shutil.rmtree(home)
    uv = shutil.which("uv")
    if uv and run_quietly([uv, "venv", "--quiet", "--python", sys.executable, str(home)]):
        return
    for options in ([], ["--without-pip"]):
        if run_quietly([sys.executable, "-m", "venv", *options, str(home)]):
            return
        shutil.rmtree(home, ignore_errors=True)
    terminal.refuse_command(
        f"{sys.executable} cannot make an environment: its module venv is missing.\n"
        "On Debian or Ubuntu: apt install python3-venv. Or put uv on the PATH."
    )


def install_requirements(home: Path, kind: str) -> None:
    """Everything of the requirements, each file checked against its hash."""
    terminal.print_line(f"Installing the {kind} requirements (this takes a minute the first time) …")
    python, file = str(home / "bin" / "python"), str(PROJECT_ROOT / f"requirements/{kind}.txt")
    uv = shutil.which("uv")
    own = [python, "-m", "pip"]
    system = [sys.executable, "-m", "pip", "--python", python]
    if uv:
        order = [uv, "pip", "install", "--quiet", "--python", python]
    elif run_quietly([*own, "--version"]):
        order = [*own, "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    elif run_quietly([*system, "--version"]):
        order = [*system, "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    else:
        terminal.refuse_command(
            "There is no pip for this Python.\nOn Debian or Ubuntu: apt install python3-venv python3-pip."
        )
    done = subprocess.run([*order, "--require-hashes", "-r", file], stdout=sys.stderr)
    if done.returncode:
        terminal.refuse_command(
            "The requirements could not be installed; the lines above say why.\n"
            "Without a network, point pip or uv at a mirror or a folder of wheels (PIP_INDEX_URL, PIP_FIND_LINKS)."
        )


def run_quietly(order: list[str]) -> bool:
    """Whether the command could be run and went well; its words are kept quiet."""
    try:
        return subprocess.run(order, capture_output=True, env={**os.environ, "VIRTUAL_ENV": ""}).returncode == 0
    except OSError:
        return False


def enter_environment(python: Path) -> None:
    """Go on in the environment: the same command, in its Python."""
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        os.execv(str(python), [str(python), *sys.argv])
