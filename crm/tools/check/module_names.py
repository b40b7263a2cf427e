"""Names and sizes of modules: every noun is named in its app's README, no file hides a second one."""

import re
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT, SHOP_APPS, CheckFinding, product_modules

HIDING_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "lib"}
STANDARD_NAMES = set(
    [
        "__init__",
        "admin",
        "api",
        "api_urls",
        "apps",
        "choices",
        "criteria",
        "defaults",
        "events",
        "extensions",
        "filters",
        "forms",
        "jobs",
        "listeners",
        "models",
        "portal",
        "queries",
        "relations",
        "rules",
        "selectors",
        "serializers",
        "services",
        "settings",
        "urls",
        "views",
    ]
)
UNNAMED_FOLDERS = {"migrations", "management", "templatetags", "locale", "static", "templates", "__pycache__"}
LINES_AT_MOST = 400
LINES_WITHOUT_WARNING = 250


def badly_named_modules(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Modules called by what they are made of instead of by the noun they hold."""
    paths = [path.relative_to(base) for path in product_modules(base)]
    return [
        CheckFinding(path, 1, f"{' and '.join(sorted(hiding))} hides a noun that was not found")
        for path in paths
        if (hiding := HIDING_NAMES & {*path.parts[:-1], path.stem})
    ]


def undocumented_modules(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Areas and noun modules that the README of their app does not name."""
    found = []
    for app in [base / "crm/kernel", *(base / app for app in SHOP_APPS)]:
        readme = app / "README.md"
        text = readme.read_text(encoding="utf-8") if readme.exists() else ""
        for path in _modules_to_document(app):
            if not re.search(rf"\b{re.escape(path.stem)}\b", text):
                found.append(CheckFinding(path.relative_to(base), 1, f"not named in {readme.relative_to(base)}"))
    return found


def overlong_modules(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Files beyond the wall: a second noun hides in them."""
    return _modules_over(LINES_AT_MOST, base)


def long_modules(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Files in which a second noun often hides; a warning, for one noun in many rooms is as bad."""
    return _modules_over(LINES_WITHOUT_WARNING, base)


def app_areas(app: Path) -> list[Path]:
    """The areas of an app, or the parts of an area: its packages."""
    return sorted(
        path for path in app.iterdir() if (path / "__init__.py").exists() and path.name not in UNNAMED_FOLDERS
    )


def _modules_to_document(app: Path) -> list[Path]:
    if not app.is_dir():
        return []
    own_areas = app_areas(app)
    inside = [path for area in own_areas for path in app_areas(area)]
    modules = [path for folder in (app, *own_areas) for path in sorted(folder.glob("*.py"))]
    return [*own_areas, *(path for path in (*inside, *modules) if path.stem not in STANDARD_NAMES)]


def _modules_over(limit: int, base: Path) -> list[CheckFinding]:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in product_modules(base)}
    return [
        CheckFinding(path.relative_to(base), lines, f"{lines} lines, at most {limit}")
        for path, lines in lengths.items()
        if lines > limit
    ]
