"""Where product code, templates and tests are."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[3]
SHOP_APPS = ("customers", "loyalty", "feedback", "retention")
PRODUCT_FOLDERS = ("crm", *SHOP_APPS)


@dataclass(frozen=True)
class CheckFinding:
    """One thing that is not as the house wants it."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def product_modules(base: Path = PROJECT_ROOT) -> list[Path]:
    """Every Python file of the product that people write: no migrations."""
    files = [path for folder in PRODUCT_FOLDERS for path in sorted((base / folder).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


def template_files(base: Path = PROJECT_ROOT) -> list[Path]:
    """Every template that a person may read; the bare project of the bench is read by nobody."""
    found = (path for folder in ("templates", *PRODUCT_FOLDERS) for path in (base / folder).rglob("*.html"))
    return sorted(path for path in found if "bare" not in path.parts)


def committed_files(base: Path = PROJECT_ROOT) -> list[Path]:
    """Every file that git knows and that is still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=base, capture_output=True, check=True).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := base / name).is_file()]
