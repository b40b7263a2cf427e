"""Every table leaves the house by `crm.kernel.files.csv_cells`: there only are cells kept from being formulas."""

import ast
from pathlib import Path

import pytest

from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding, product_modules

pytestmark = pytest.mark.rule("CU-31")
THE_WRITER = Path("crm/kernel/files/csv_cells.py")
# They write files that go in, not out.
INPUT_MAKERS = (Path("crm/tools/demo"), Path("crm/tools/bench"))
WRITERS = {"writer", "DictWriter"}


def other_exports(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Where a CSV file is written or answered beside the one writer."""
    findings = []
    for path in product_modules(base):
        place = path.relative_to(base)
        if place == THE_WRITER or any(place.is_relative_to(folder) for folder in INPUT_MAKERS):
            continue
        findings += [CheckFinding(place, line, text) for line, text in _csv_writing(ast.parse(path.read_text("utf-8")))]
    return findings


def _csv_writing(tree: ast.Module) -> list[tuple[int, str]]:
    modules = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
        if name.name == "csv"
    }
    seen = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "csv":
            seen += [(node.lineno, f"csv.{name.name}") for name in node.names if name.name in WRITERS]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            seen += [(node.lineno, f"csv.{node.attr}")] if node.attr in WRITERS else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("text/csv"):
            seen.append((node.lineno, "text/csv"))
    return seen


def test_no_export_goes_round_the_writer():
    assert [str(finding) for finding in other_exports()] == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import csv\n\ncsv.writer(file).writerow(row)\n", "csv.writer"),
        ("import csv as tables\n\ntables.DictWriter(file, names)\n", "csv.DictWriter"),
        ("from csv import writer as table\n", "csv.writer"),
        ('answer = HttpResponse(content_type="text/csv; charset=utf-8")\n', "text/csv"),
    ],
)
def test_planted_export_is_seen(tmp_path, text, what):
    for folder in ("loyalty/account", "crm/tools/demo"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "views.py").write_text(text)

    (finding,) = other_exports(tmp_path)

    assert (finding.path, finding.text) == (Path("loyalty/account/views.py"), what)


def test_reading_csv_is_no_export(tmp_path):
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers/rows.py").write_text("import csv\n\nrows = csv.reader(file)\n")

    assert other_exports(tmp_path) == []
