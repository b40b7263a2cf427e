"""Everything the product says, by catalogue."""

from pathlib import Path

from crm.tools.i18n import catalog_paths, library_messages, python_source, template_source
from crm.tools.i18n.catalog_entries import Message

Wanted = dict[str, dict[str, Message]]


class Unreadable(Exception):
    """A source file whose messages cannot be read; the text says which and why."""


def wanted(base: Path = catalog_paths.BASE) -> Wanted:
    """For each catalogue the messages it must hold, by key.

    A message of the root catalogue is in no other one, a message of the kernel in no app's: Django prefers
    them in that order, and one English text has one translation.
    """
    found: Wanted = {name: {} for name in catalog_paths.catalogues(base)}
    for path in catalog_paths.sources(base):
        _add(found[catalog_paths.owner(path)], _messages(base / path))
    _add(found[catalog_paths.ROOT], library_messages.messages())
    _drop(found, names=[catalog_paths.KERNEL, *catalog_paths.SHOP_APPS], said_by=found[catalog_paths.ROOT])
    _drop(found, names=catalog_paths.SHOP_APPS, said_by=found[catalog_paths.KERNEL])
    return found


def _messages(path: Path) -> list[Message]:
    source = path.read_text(encoding="utf-8")
    try:
        read = python_source if path.suffix == ".py" else template_source
        return list(read.messages(source))
    except (SyntaxError, template_source.BrokenBlock) as problem:
        raise Unreadable(f"{path}: {problem}") from problem


def _add(catalogue: dict[str, Message], messages: list[Message]) -> None:
    for message in messages:
        known = catalogue.get(message.key)
        if known is None or known.plural is None:
            catalogue[message.key] = message


def _drop(found: Wanted, *, names: list[str] | tuple[str, ...], said_by: dict[str, Message]) -> None:
    for name in names:
        found[name] = {key: message for key, message in found[name].items() if key not in said_by}
