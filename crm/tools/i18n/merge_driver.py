"""A three-way merge of catalogues: entries are merged, not lines. Git calls it as a merge driver (docs/decisions)."""

from pathlib import Path

from crm.tools.i18n import po_files
from crm.tools.i18n.catalog_entries import Entry


def merge(*, ancestor: Path, ours: Path, theirs: Path) -> None:
    """Write into `ours` the entries of both; where both changed one entry, theirs stands (the later commit)."""
    old, mine, other = (po_files.read(path) for path in (ancestor, ours, theirs))
    keys = mine.keys() | other.keys()
    merged = {key: entry for key in keys if (entry := _merged(old.get(key), mine.get(key), other.get(key)))}
    po_files.write(ours, _language(ours), merged)


def _merged(old: Entry | None, mine: Entry | None, other: Entry | None) -> Entry | None:
    if mine == old:
        return other
    if other == old:
        return mine
    return other if other and other.translation else mine


def _language(path: Path) -> str:
    line = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith('"Language: '))
    return line.removeprefix('"Language: ').removesuffix('\\n"')
