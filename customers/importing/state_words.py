"""The words for states of orders that a file uses and nobody knows: the wizard asks what they mean."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from customers.importing import file_reader, queries
from customers.importing.models import Import
from customers.orders.choices import OrderState
from customers.orders.order_states import fold_word, state_of_word

# A larger file is searched when its rows have been checked.
MAX_SEARCHED_BYTES = 2_000_000
MAX_WORDS = 50


def words_to_ask_about(batch: Import) -> list[str]:
    """Words of the file that the table does not know, and those that were asked about before; the first 50 by name."""
    asked = dict(batch.options.get("states") or {})
    unknown = {word for word in _words_of_file(batch) if state_of_word(word) is None and not _is_among(word, asked)}
    return sorted(unknown | asked.keys())[:MAX_WORDS]


def own_states(words: Mapping[str, str]) -> dict[str, str]:
    """What somebody said words mean, as cells are compared with it. Refused: ValueError, for what is no state."""
    return {fold_word(word): OrderState(state).value for word, state in words.items()}


def word_label(word: str) -> str:
    """A word as the form names it."""
    return word or _("(empty)")


def _words_of_file(batch: Import) -> Iterable[str]:
    column = batch.mapping.get("order_status")
    if column is None:
        return ()
    if batch.staged:
        return queries.file_state_words(batch.pk)
    place = batch.columns.index(column)
    if batch.size > MAX_SEARCHED_BYTES:
        rows: Iterable[list[str]] = batch.sample
    else:
        rows = (cells for _line, cells in file_reader.read_rows(Path(batch.file.path), batch.encoding, batch.delimiter))
    return {cells[place].strip() for cells in rows if place < len(cells) and cells[place].strip()}


def _is_among(word: str, words: Mapping[str, str]) -> bool:
    return fold_word(word) in map(fold_word, words)
