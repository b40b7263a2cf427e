"""Reading, writing and compiling catalogues, in a form whose diffs show only what changed."""

import os
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Message as BabelMessage
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po

from crm.tools.i18n.catalog_entries import CatalogEntry, SourceMessage

PO_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def read_catalog(path: Path) -> dict[str, CatalogEntry]:
    """The entries of a catalogue by key; an absent file has none."""
    return parse_catalog(path.read_bytes()) if path.exists() else {}


def parse_catalog(content: bytes) -> dict[str, CatalogEntry]:
    entries = (_entry(found) for found in read_po(BytesIO(content)) if found.id)
    return {entry.message.key: entry for entry in entries}


def write_catalog(path: Path, language: str, entries: dict[str, CatalogEntry]) -> bool:
    """Write a catalogue sorted by its texts; true when the file changed."""
    text = render_catalog(language, entries)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def render_catalog(language: str, entries: dict[str, CatalogEntry]) -> str:
    ordered = sorted(entries.values(), key=lambda entry: (entry.message.text, entry.message.context or ""))
    return "\n".join([PO_HEADER.format(language=language), *map(_block, ordered)])


def compile_catalog(path: Path) -> bool:
    """Write the `.mo` beside a `.po`; false when the one that stands there is not older."""
    compiled = path.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return False
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parts[-3])
    fresh = compiled.with_suffix(f".mo.{os.getpid()}")
    with fresh.open("wb") as target:
        write_mo(target, catalogue)
    fresh.replace(compiled)
    return True


def _entry(message: BabelMessage) -> CatalogEntry:
    text, plural = (message.id, None) if isinstance(message.id, str) else (message.id[0], message.id[1])
    translation = message.string[0] if isinstance(message.string, list | tuple) else message.string
    return CatalogEntry(SourceMessage(text, plural, message.context), translation or "", message.fuzzy)


def _block(entry: CatalogEntry) -> str:
    message = entry.message
    lines = ["#, fuzzy"] if entry.fuzzy else []
    if message.context is not None:
        lines.append(f"msgctxt {_quoted(message.context)}")
    lines.append(f"msgid {_quoted(message.text)}")
    if message.plural is None:
        lines.append(f"msgstr {_quoted(entry.translation)}")
    else:
        lines.append(f"msgid_plural {_quoted(message.plural)}")
        lines.append(f"msgstr[0] {_quoted(entry.translation)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return normalize(text, width=0)
