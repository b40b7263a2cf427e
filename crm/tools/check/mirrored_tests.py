"""Whether the tests of a module are found by its name."""

from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding, product_modules

LINES_AT_LEAST = 40
MIRRORED_AT_LEAST = 0.80
UNMEASURED_FOLDERS = {"launcher", "tools", "config"}


def modules_without_tests(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Modules of some length without a test of their name, where they are more than a fifth of all."""
    measured = [path for path in product_modules(base) if _is_measured(path, base)]
    missing = [path.relative_to(base) for path in measured if not _has_test(path.relative_to(base), base)]
    if len(measured) - len(missing) >= MIRRORED_AT_LEAST * len(measured):
        return []
    return [CheckFinding(path, 1, f"no tests/{path.parent}/test_{path.stem}.py") for path in missing]


def _is_measured(path: Path, base: Path) -> bool:
    if path.stem == "__init__" or UNMEASURED_FOLDERS & set(path.relative_to(base).parts[:2]):
        return False
    return path.read_text(encoding="utf-8").count("\n") >= LINES_AT_LEAST


def _has_test(path: Path, base: Path) -> bool:
    """Beside the module's place in `tests`, or a floor below it for a part of an area."""
    home = base / "tests" / path.parent
    return any((folder / f"test_{path.stem}.py").exists() for folder in (home, home.parent))
