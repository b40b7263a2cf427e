"""Every catalogue in the form that Django reads."""

from pathlib import Path

from crm.words import files, places


def compile_all(base: Path = places.BASE) -> list[Path]:
    """Write each `.mo` that is absent or older than its `.po`; gives back the catalogues that were compiled."""
    paths = [
        catalogue.file(language) for catalogue in places.catalogues(base).values() for language in places.LANGUAGES
    ]
    return [path for path in paths if path.exists() and files.compile_catalogue(path)]
