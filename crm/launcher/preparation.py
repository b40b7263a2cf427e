"""What stands between new code and a running product: languages, migrations, static files, defaults.

Skipped while neither the code nor the database's folder has changed since it last went well.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from crm.launcher import terminal
from crm.launcher.paths import ROOT, Places, made

CODE = ("*.py", "*.po", "*.html", "*.css", "*.js", "*.svg", "*.json", "*.txt")
NOT_CODE = {".git", ".venv", "node_modules", "var", "tests", "docs", "staticfiles", "__pycache__"}
# Maps and the second documentation page are never served; copying them took a minute and a half.
UNSERVED = ["*.map", "*redoc*"]


def ensure(places: Places, environ: dict[str, str]) -> str:
    """The database, languages and files fit the code; what is to be told once about that (the first login)."""
    stamp = places.run / "prepared"
    now = fingerprint(places.var / "postgres")
    embedded = (places.var / "postgres").exists()
    if embedded and stamp.exists() and stamp.read_text() == now:
        return ""
    terminal.line("Preparing database, languages and files …")
    stamp.unlink(missing_ok=True)
    order = [sys.executable, "-m", "crm.launcher.preparation"]
    done = subprocess.run(order, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        terminal.refuse(f"{done.stdout}The product could not be prepared; the lines above say why.")
    stamp.write_text(now)
    return done.stdout.strip()


def forget(places: Places) -> None:
    """The next start prepares again (after somebody moved migrations or emptied the database by hand)."""
    (places.run / "prepared").unlink(missing_ok=True)


def fingerprint(data: Path) -> str:
    """Names, sizes and times of the code, and which database it was prepared for."""
    parts = [str(data.stat().st_ino) if data.exists() else ""]
    for folder, inside, files in os.walk(ROOT):
        inside[:] = sorted(name for name in inside if name not in NOT_CODE and not name.startswith("."))
        for path in sorted(Path(folder, name) for name in files if any(Path(name).match(kind) for kind in CODE)):
            about = path.stat()
            parts.append(f"{path}:{about.st_size}:{about.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def main() -> None:
    """Runs in the product's environment."""
    compile_languages()
    collect_static()

    from django.conf import settings
    from django.core.management import call_command

    made(Path(settings.MEDIA_ROOT))
    call_command("migrate", interactive=False, verbosity=0)
    call_command("ensure_defaults")


def collect_static() -> None:
    """Into STATIC_ROOT; also the first use of Django in this process."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNSERVED)


def compile_languages() -> None:
    """Before Django starts, so that it finds the words."""
    done = subprocess.run([sys.executable, "-m", "crm.tools.i18n", "compile"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit("The languages could not be compiled.")


if __name__ == "__main__":
    main()
