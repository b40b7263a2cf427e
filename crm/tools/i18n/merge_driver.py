"""A three-way merge of catalogues: entries are merged, not lines. Git calls it as a merge driver (docs/decisions)."""

from pathlib import Path

from crm.tools.i18n import po_files
from crm.tools.i18n.catalog_entries import CatalogEntry


def merge_catalogs(*, ancestor: Path, ours: Path, theirs: Path) -> None:
    """Write into `ours` the entries of both; where both changed one entry, theirs stands (the later commit)."""
    old, mine, other = (po_files.read_catalog(path) for path in (ancestor, ours, theirs))
    keys = mine.keys() | other.keys()
    merged = {key: entry for key in keys if (entry := _merge_entry(old.get(key), mine.get(key), other.get(key)))}
    po_files.write_catalog(ours, _read_language(ours), merged)


def _merge_entry(
    old: CatalogEntry | None, mine: CatalogEntry | None, other: CatalogEntry | None
) -> CatalogEntry | None:
    if mine == old:
        return other
    if other == old:
        return mine
    return other if other and other.translation else mine


def _read_language(path: Path) -> str:
    line = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith('"Language: '))
    return line.removeprefix('"Language: ').removesuffix('\\n"')
