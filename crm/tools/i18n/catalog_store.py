"""The catalogues as one: what stands in them, what is wrong with them, and how they are brought up to date."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from crm.tools.i18n import catalog_paths, library_messages, po_files, translation_checks
from crm.tools.i18n.catalog_entries import CatalogEntry, SourceMessage
from crm.tools.i18n.extraction import WantedMessages, extract_messages


@dataclass(frozen=True)
class TranslationFinding:
    """A message of a catalogue that is not ready for people, with what stands there now in each language."""

    catalogue: str
    message: SourceMessage
    problems: list[str]
    translations: tuple[str, ...]


@dataclass
class CatalogStore:
    """Every catalogue in every language, beside what the sources want."""

    base: Path = catalog_paths.PROJECT_ROOT
    entries: dict[tuple[str, str], dict[str, CatalogEntry]] = field(default_factory=dict)
    wanted: WantedMessages = field(default_factory=dict)

    @classmethod
    def load(cls, base: Path = catalog_paths.PROJECT_ROOT) -> "CatalogStore":
        store = cls(base, wanted=extract_messages(base))
        for name, catalogue in catalog_paths.translation_catalogs(base).items():
            for language in catalog_paths.LANGUAGES:
                store.entries[name, language] = po_files.read_catalog(catalogue.file(language))
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
                entry = held.get(key, CatalogEntry(message))
                if key in translations and (replacing or _may_be_filled(entry)):
                    held[key] = CatalogEntry(message, translations[key][position])
        everything = {key for messages in self.wanted.values() for key in messages}
        return sorted(translations.keys() - everything)

    def save(self) -> list[Path]:
        """Write what changed; gives back those files."""
        places_of = catalog_paths.translation_catalogs(self.base)
        return [
            path
            for (name, language), held in self.entries.items()
            if po_files.write_catalog(path := places_of[name].file(language), language, held)
        ]

    def findings(self, names: list[str]) -> list[TranslationFinding]:
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

    def _unready(self, name: str) -> list[TranslationFinding]:
        found = []
        for key, message in sorted(self.wanted[name].items()):
            pair = [
                self.entries[name, language].get(key, CatalogEntry(message)) for language in catalog_paths.LANGUAGES
            ]
            if problems := translation_checks.translation_problems(*pair):
                found.append(TranslationFinding(name, message, problems, tuple(entry.translation for entry in pair)))
        return found

    def _contradictions(self, name: str) -> list[TranslationFinding]:
        return [
            TranslationFinding(name, message, [f"{language}: says {mine!r}, {other} says {theirs!r}"], ())
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

    def _known(self, language: str) -> dict[str, CatalogEntry]:
        known: dict[str, CatalogEntry] = {}
        for name in self.wanted:
            for key, entry in self.entries[name, language].items():
                if entry.translation and not entry.fuzzy:
                    known.setdefault(key, entry)
        return known


def _translated(
    message: SourceMessage, held: CatalogEntry | None, elsewhere: CatalogEntry | None, language: str
) -> CatalogEntry:
    for entry in (held, elsewhere):
        if entry and entry.translation:
            return replace(entry, message=message)
    return CatalogEntry(message, library_messages.library_translation(message, language))


def _may_be_filled(entry: CatalogEntry) -> bool:
    return not entry.translation or entry.fuzzy or translation_checks.is_unchanged(entry)
