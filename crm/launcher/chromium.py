"""A Chromium for the browser tests and the photographs: the machine's own, or Debian's package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from crm.launcher import terminal

PROGRAM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
DEBIAN_PACKAGES = ["chromium", "fonts-noto-cjk"]


def ensure_chromium() -> dict[str, str]:
    """CRM_CHROMIUM names a Chromium; without one the person is told how to get it, and tests that need it fail."""
    path = find_chromium() or (install_chromium() and find_chromium())
    if path:
        return {"CRM_CHROMIUM": path}
    terminal.print_line("There is no Chromium here: tests in a real browser will fail.")
    terminal.print_line(
        "Install chromium and a Chinese font (apt install chromium fonts-noto-cjk), or name one in CRM_CHROMIUM."
    )
    return {}


def find_chromium() -> str:
    """The path of a Chromium, or nothing."""
    named = os.environ.get("CRM_CHROMIUM", "")
    found = [
        shutil.which(named) if named else None,
        *map(shutil.which, PROGRAM_NAMES),
        *(p for p in MAC_APPLICATIONS if Path(p).exists()),
    ]
    return next((path for path in found if path), "")


def install_chromium() -> bool:
    """Debian's package, where we are root and there is apt."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    terminal.print_line("Installing Chromium (apt-get install chromium fonts-noto-cjk) …")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for order in (["update"], ["install", "-y", "--no-install-recommends", *DEBIAN_PACKAGES]):
        done = subprocess.run(["apt-get", "-qq", *order], stdout=sys.stderr, env=environ)
    return done.returncode == 0
