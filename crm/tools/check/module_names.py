"""Names and sizes of modules: every noun is named in its app's README, no file hides a second one."""

import re
from pathlib import Path

from crm.tools.check.source_paths import BASE, SHOP_APPS, Finding, product_modules

HIDING = {"utils", "util", "helpers", "helper", "misc", "common", "base", "lib"}
ALLOWED_HIDING = {"crm/kernel/db/backend/base.py"}  # Django loads a database backend from a module of this name.
STANDARD = {
    "__init__", "api", "api_urls", "apps", "admin", "choices", "criteria", "defaults", "events", "filters", "forms",
    "listeners", "looks", "models", "panels", "portal", "rules", "selectors", "serializers", "services", "settings", "tasks", "urls",
    "views",
}  # fmt: skip
UNNAMED_FOLDERS = {"migrations", "management", "templatetags", "locale", "static", "templates", "__pycache__"}
LINES_AT_MOST = 250


def badly_named(base: Path = BASE) -> list[Finding]:
    """Modules called by what they are made of instead of by the noun they hold."""
    paths = [path.relative_to(base) for path in product_modules(base)]
    return [
        Finding(path, 1, f"{' and '.join(sorted(hiding))} hides a noun that was not found")
        for path in paths
        if (hiding := HIDING & {*path.parts[:-1], path.stem}) and path.as_posix() not in ALLOWED_HIDING
    ]


def unnamed(base: Path = BASE) -> list[Finding]:
    """Areas and noun modules that the README of their app does not name."""
    found = []
    for app in [base / "crm/kernel", *(base / app for app in SHOP_APPS)]:
        readme = app / "README.md"
        text = readme.read_text(encoding="utf-8") if readme.exists() else ""
        for path in _nouns(app):
            if not re.search(rf"\b{re.escape(path.stem)}\b", text):
                found.append(Finding(path.relative_to(base), 1, f"not named in {readme.relative_to(base)}"))
    return found


def too_long(base: Path = BASE) -> list[Finding]:
    """Files beyond the length at which a second noun hides in them."""
    found = []
    for path in product_modules(base):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LINES_AT_MOST:
            found.append(Finding(path.relative_to(base), lines, f"{lines} lines, at most {LINES_AT_MOST}"))
    return found


def areas(app: Path) -> list[Path]:
    """The areas of an app, or the parts of an area: its packages."""
    return sorted(
        path for path in app.iterdir() if (path / "__init__.py").exists() and path.name not in UNNAMED_FOLDERS
    )


def _nouns(app: Path) -> list[Path]:
    if not app.is_dir():
        return []
    own_areas = areas(app)
    inside = [path for area in own_areas for path in areas(area)]
    modules = [path for folder in (app, *own_areas) for path in sorted(folder.glob("*.py"))]
    return [*own_areas, *(path for path in (*inside, *modules) if path.stem not in STANDARD)]
