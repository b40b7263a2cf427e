"""Everything the product says, by catalogue."""

from pathlib import Path

from crm.tools.i18n import catalog_paths, library_messages, python_source, template_source
from crm.tools.i18n.catalog_entries import SourceMessage

WantedMessages = dict[str, dict[str, SourceMessage]]


class UnreadableSource(Exception):
    """A source file whose messages cannot be read; the text says which and why."""


def extract_messages(base: Path = catalog_paths.PROJECT_ROOT) -> WantedMessages:
    """For each catalogue the messages it must hold, by key.

    A message of the root catalogue is in no other one, a message of the kernel in no app's: Django prefers
    them in that order, and one English text has one translation.
    """
    found: WantedMessages = {name: {} for name in catalog_paths.translation_catalogs(base)}
    for path in catalog_paths.source_files(base):
        _add_messages(found[catalog_paths.catalog_of_source(path)], _file_messages(base / path))
    _add_messages(found[catalog_paths.ROOT_CATALOG], library_messages.missing_library_messages())
    _drop_messages(
        found, names=[catalog_paths.KERNEL_CATALOG, *catalog_paths.SHOP_APPS], said_by=found[catalog_paths.ROOT_CATALOG]
    )
    _drop_messages(found, names=catalog_paths.SHOP_APPS, said_by=found[catalog_paths.KERNEL_CATALOG])
    return found


def _file_messages(path: Path) -> list[SourceMessage]:
    source = path.read_text(encoding="utf-8")
    try:
        read = python_source if path.suffix == ".py" else template_source
        return list(read.messages(source))
    except (SyntaxError, template_source.BrokenBlock) as problem:
        raise UnreadableSource(f"{path}: {problem}") from problem


def _add_messages(catalogue: dict[str, SourceMessage], messages: list[SourceMessage]) -> None:
    for message in messages:
        known = catalogue.get(message.key)
        if known is None or known.plural is None:
            catalogue[message.key] = message


def _drop_messages(
    wanted: WantedMessages, *, names: list[str] | tuple[str, ...], said_by: dict[str, SourceMessage]
) -> None:
    for name in names:
        wanted[name] = {key: message for key, message in wanted[name].items() if key not in said_by}
