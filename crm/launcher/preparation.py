"""What stands between new code and a running product: languages, migrations, static files, defaults.

Skipped while neither the code nor the database's folder has changed since it last went well.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from crm.launcher import terminal
from crm.launcher.paths import PROJECT_ROOT, InstallationPaths, make_folder

CODE_PATTERNS = ("*.py", "*.po", "*.html", "*.css", "*.js", "*.svg", "*.json", "*.txt")
SKIPPED_FOLDERS = {".git", ".venv", "node_modules", "var", "tests", "docs", "staticfiles", "__pycache__"}
# Maps and the second documentation page are never served; copying them took a minute and a half.
UNSERVED_PATTERNS = ["*.map", "*redoc*"]


def ensure_prepared(places: InstallationPaths, environ: dict[str, str]) -> str:
    """The database, languages and files fit the code; what is to be told once about that (the first login)."""
    stamp = places.run / "prepared"
    now = code_fingerprint(places.var / "postgres")
    embedded = (places.var / "postgres").exists()
    if embedded and stamp.exists() and stamp.read_text() == now:
        return ""
    terminal.print_line("Preparing database, languages and files …")
    stamp.unlink(missing_ok=True)
    order = [sys.executable, "-m", "crm.launcher.preparation"]
    done = subprocess.run(order, cwd=PROJECT_ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        terminal.refuse_command(f"{done.stdout}The product could not be prepared; the lines above say why.")
    stamp.write_text(now)
    return done.stdout.strip()


def forget_preparation(places: InstallationPaths) -> None:
    """The next start prepares again (after somebody moved migrations or emptied the database by hand)."""
    (places.run / "prepared").unlink(missing_ok=True)


def code_fingerprint(data: Path) -> str:
    """Names, sizes and times of the code, and which database it was prepared for."""
    parts = [str(data.stat().st_ino) if data.exists() else ""]
    for folder, inside, files in os.walk(PROJECT_ROOT):
        inside[:] = sorted(name for name in inside if name not in SKIPPED_FOLDERS and not name.startswith("."))
        for path in sorted(
            Path(folder, name) for name in files if any(Path(name).match(kind) for kind in CODE_PATTERNS)
        ):
            about = path.stat()
            parts.append(f"{path}:{about.st_size}:{about.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def main() -> None:
    """Runs in the product's environment."""
    compile_languages()
    collect_static()

    from django.conf import settings
    from django.core.management import call_command

    make_folder(Path(settings.MEDIA_ROOT))
    call_command("migrate", interactive=False, verbosity=0)
    call_command("ensure_defaults")


def collect_static() -> None:
    """Into STATIC_ROOT; also the first use of Django in this process."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNSERVED_PATTERNS)


def compile_languages() -> None:
    """Before Django starts, so that it finds the words."""
    done = subprocess.run(
        [sys.executable, "-m", "crm.tools.i18n", "compile"], cwd=PROJECT_ROOT, capture_output=True, text=True
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit("The languages could not be compiled.")


if __name__ == "__main__":
    main()
