"""How templates, styles and scripts are laid out: 120 columns, one block a line, nesting shown, no crowd of arguments."""

import re
from collections.abc import Iterator
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding, committed_files
from crm.tools.check.template_markup import UNREAD_MARKUP, blank_lines

COLUMNS_AT_MOST = 120
ARGUMENTS_AT_MOST = 5
LAID_OUT = {".html", ".css", ".js", ".mjs"}
# What may run on, each with the reason.
LONG_LINES = {
    # css_inline copies it into style attributes, where a mail program may trip over a line break.
    "templates/mail/customers/layout.html": "font-family: ",
}
# Elements that stand on lines of their own, for browsers begin a new line at them.
BLOCKS = (
    "address|article|aside|blockquote|body|dd|details|dialog|div|dl|dt|fieldset|figure|footer|form|h[1-6]|head|header"
    "|html|li|main|nav|ol|option|p|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
BLOCK_TAG = re.compile(rf"<(/?)({BLOCKS})\b(?:[^<>]|\n)*?>")
INCLUDE = re.compile(r"\{% include (?:\"[^\"]*\"|\S+) with (.*?)%\}")
ARGUMENT = re.compile(r"\b\w+=")


def overlong_lines(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Lines of templates, styles and scripts beyond 120 columns."""
    return [
        CheckFinding(path.relative_to(base), number, f"{len(line)} columns, at most {COLUMNS_AT_MOST}")
        for path in _laid_out_files(base)
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if len(line) > COLUMNS_AT_MOST and not _may_run_on(path.relative_to(base), line)
    ]


def hidden_nesting(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Blocks that begin behind another block, and blocks that end in another column than they began in."""
    return [finding for path in _templates(base) for finding in _nesting(path.relative_to(base), path)]


def crowded_includes(base: Path = PROJECT_ROOT) -> list[CheckFinding]:
    """Includes that are given many words instead of one object."""
    return [
        CheckFinding(path.relative_to(base), number, f"{count} arguments, at most {ARGUMENTS_AT_MOST}: give an object")
        for path in _templates(base)
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        for include in INCLUDE.findall(line)
        if (count := len(ARGUMENT.findall(include))) > ARGUMENTS_AT_MOST
    ]


def _laid_out_files(base: Path) -> list[Path]:
    return [path for path in committed_files(base) if path.suffix in LAID_OUT]


def _templates(base: Path) -> list[Path]:
    return [path for path in _laid_out_files(base) if path.suffix == ".html"]


def _may_run_on(path: Path, line: str) -> bool:
    start = LONG_LINES.get(path.as_posix())
    return start is not None and line.strip().startswith(start)


def _nesting(path: Path, file: Path) -> Iterator[CheckFinding]:
    text = UNREAD_MARKUP.sub(blank_lines, file.read_text(encoding="utf-8"))
    lines = text.split("\n")
    opened: list[tuple[str, int, int]] = []
    last = 0
    for tag in BLOCK_TAG.finditer(text):
        number = text.count("\n", 0, tag.start()) + 1
        indent = len(lines[number - 1]) - len(lines[number - 1].lstrip())
        if not tag[1]:
            if number == last:
                yield CheckFinding(path, number, f"<{tag[2]}> begins behind another block: give it a line")
            last = number
            opened.append((tag[2], number + tag[0].count("\n"), indent))
        elif opened and opened[-1][0] == tag[2]:
            _name, begun, expected = opened.pop()
            if number != begun and indent != expected:
                yield CheckFinding(path, number, f"</{tag[2]}> stands in column {indent}, its beginning in {expected}")
