"""What is committed belongs to the product: no machine's paths, no addresses of package registries."""

import re
from pathlib import Path

import pytest

from crm.tools.check.source_paths import PROJECT_ROOT, committed_files

TEXT_SIZE_AT_MOST = 2_000_000
FOREIGN = {
    "the mark of a conflict": re.compile(r"(?m)^(?:<{7}|>{7}) \S"),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/[\w.]"),
    "an index of packages": re.compile(r"(?m)^\s*(?:--index-url|--extra-index-url|-i)[ =]"),
    "a download address": re.compile(r'"resolved"\s*:\s*"http'),
    "an address of a registry": re.compile(
        r"https?://[\w.-]*(?:registry\.|pypi\.|files\.pythonhosted\.|npmmirror|mirror)[\w.-]*"
    ),
}


def foreign(path: Path) -> list[str]:
    """What in a file belongs to one machine instead of to the product."""
    content = path.read_bytes()
    if len(content) > TEXT_SIZE_AT_MOST or b"\0" in content[:8000]:
        return []
    text = content.decode("utf-8", "replace")
    return [f"{path.name}: {name}: {found[0]}" for name, pattern in FOREIGN.items() if (found := pattern.search(text))]


def test_no_file_names_a_machine_or_a_registry():
    assert [line for path in committed_files() if path != Path(__file__) for line in foreign(path)] == []


def test_nothing_built_or_downloaded_is_committed():
    built = re.compile(r"(^|/)(node_modules|static/vendor|__pycache__|var)/|\.(mo|pyc|sqlite3)$")
    names = [path.relative_to(PROJECT_ROOT).as_posix() for path in committed_files()]

    assert [name for name in names if built.search(name)] == []


@pytest.mark.parametrize(
    "text",
    [
        "open('/" + "root/x')",
        "--index-url x",
        "<" * 7 + " HEAD\n",
        '"resolved": "http' + 's://x"',
        "https://registry" + ".example/x",
    ],
)
def test_foreign_text_is_seen(tmp_path, text):
    path = tmp_path / "planted.txt"
    path.write_text(text)

    assert len(foreign(path)) == 1
