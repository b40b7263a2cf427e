"""The catalogues as one: what stands in them, what is wrong with them, and how they are brought up to date."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from crm.tools.i18n import catalog_paths, library_messages, po_files, translation_checks
from crm.tools.i18n.catalog_entries import Entry, Message
from crm.tools.i18n.extraction import Wanted, wanted


@dataclass(frozen=True)
class Finding:
    """A message of a catalogue that is not ready for people, with what stands there now in each language."""

    catalogue: str
    message: Message
    problems: list[str]
    translations: tuple[str, ...]


@dataclass
class Store:
    """Every catalogue in every language, beside what the sources want."""

    base: Path = catalog_paths.BASE
    entries: dict[tuple[str, str], dict[str, Entry]] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=dict)

    @classmethod
    def load(cls, base: Path = catalog_paths.BASE) -> "Store":
        store = cls(base, wanted=wanted(base))
        for name, catalogue in catalog_paths.catalogues(base).items():
            for language in catalog_paths.LANGUAGES:
                store.entries[name, language] = po_files.read(catalogue.file(language))
        return store

    def update(self, names: list[str]) -> None:
        """Give each named catalogue exactly the wanted messages; translations are kept, or taken from another one."""
        known = {language: self._known(language) for language in catalog_paths.LANGUAGES}
        for (name, language), held in self.entries.items():
            if name in names:
                self.entries[name, language] = {
                    key: _translated(message, held.get(key), known[language].get(key), language)
                    for key, message in self.wanted[name].items()
                }

    def apply(self, translations: dict[str, list[str]], *, replacing: bool = False) -> list[str]:
        """Fill each wanted message that lacks a translation; gives back the keys that no catalogue wants."""
        for (name, language), held in self.entries.items():
            position = catalog_paths.LANGUAGES.index(language)
            for key, message in self.wanted[name].items():
                entry = held.get(key, Entry(message))
                if key in translations and (replacing or _may_be_filled(entry)):
                    held[key] = Entry(message, translations[key][position])
        everything = {key for messages in self.wanted.values() for key in messages}
        return sorted(translations.keys() - everything)

    def save(self) -> list[Path]:
        """Write what changed; gives back those files."""
        places_of = catalog_paths.catalogues(self.base)
        return [
            path
            for (name, language), held in self.entries.items()
            if po_files.write(path := places_of[name].file(language), language, held)
        ]

    def findings(self, names: list[str]) -> list[Finding]:
        """What people could not read well, in the named catalogues."""
        return [finding for name in names for finding in (*self._unready(name), *self._contradictions(name))]

    def unused(self, names: list[str]) -> list[tuple[str, str]]:
        """(catalogue, key) of entries that no source wants any more."""
        return sorted(
            {
                (n, key)
                for (n, _), held in self.entries.items()
                if n in names
                for key in held.keys() - self.wanted[n].keys()
            }
        )

    def _unready(self, name: str) -> list[Finding]:
        found = []
        for key, message in sorted(self.wanted[name].items()):
            pair = [self.entries[name, language].get(key, Entry(message)) for language in catalog_paths.LANGUAGES]
            if problems := translation_checks.problems(*pair):
                found.append(Finding(name, message, problems, tuple(entry.translation for entry in pair)))
        return found

    def _contradictions(self, name: str) -> list[Finding]:
        return [
            Finding(name, message, [f"{language}: says {mine!r}, {other} says {theirs!r}"], ())
            for key, message in sorted(self.wanted[name].items())
            for language in catalog_paths.LANGUAGES
            for other in self.wanted
            if other != name
            and (mine := self._text(name, language, key))
            and (theirs := self._text(other, language, key))
            and mine != theirs
        ]

    def _text(self, name: str, language: str, key: str) -> str:
        held = self.entries[name, language].get(key) if key in self.wanted[name] else None
        return held.translation if held else ""

    def _known(self, language: str) -> dict[str, Entry]:
        known: dict[str, Entry] = {}
        for name in self.wanted:
            for key, entry in self.entries[name, language].items():
                if entry.translation and not entry.fuzzy:
                    known.setdefault(key, entry)
        return known


def _translated(message: Message, held: Entry | None, elsewhere: Entry | None, language: str) -> Entry:
    for entry in (held, elsewhere):
        if entry and entry.translation:
            return replace(entry, message=message)
    return Entry(message, library_messages.translation(message, language))


def _may_be_filled(entry: Entry) -> bool:
    return not entry.translation or entry.fuzzy or translation_checks.is_unchanged(entry)
