from pathlib import Path

import pytest

from crm.tools.i18n import po_files
from crm.tools.i18n.catalog_entries import CatalogEntry, SourceMessage
from crm.tools.i18n.merge_driver import merge_catalogs


@pytest.fixture
def catalogue(tmp_path: Path):
    def write(name: str, **translations: str) -> Path:
        path = tmp_path / name
        po_files.write_catalog(
            path, "zh_Hans", {text: CatalogEntry(SourceMessage(text), said) for text, said in translations.items()}
        )
        return path

    return write


def merged(catalogue, ancestor: dict[str, str], ours: dict[str, str], theirs: dict[str, str]) -> dict[str, str]:
    paths = {"ancestor": catalogue("a", **ancestor), "ours": catalogue("o", **ours), "theirs": catalogue("t", **theirs)}
    merge_catalogs(**paths)
    return {key: entry.translation for key, entry in po_files.read_catalog(paths["ours"]).items()}


def test_both_additions_stand(catalogue):
    assert merged(catalogue, {"a": "1"}, {"a": "1", "b": "2"}, {"a": "1", "c": "3"}) == {"a": "1", "b": "2", "c": "3"}


def test_a_removal_and_a_change_stand(catalogue):
    assert merged(catalogue, {"a": "1", "b": "2"}, {"b": "2"}, {"a": "1", "b": "3"}) == {"b": "3"}


def test_of_two_changes_the_later_commit_wins_unless_it_says_nothing(catalogue):
    assert merged(catalogue, {"a": "1", "b": ""}, {"a": "2", "b": "5"}, {"a": "3", "b": ""}) == {"a": "3", "b": "5"}
