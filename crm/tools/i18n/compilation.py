"""Every catalogue in the form that Django reads."""

from pathlib import Path

from crm.tools.i18n import catalog_paths, po_files


def compile_catalogs(base: Path = catalog_paths.PROJECT_ROOT) -> list[Path]:
    """Write each `.mo` that is absent or older than its `.po`; gives back the catalogues that were compiled."""
    paths = [
        catalogue.file(language)
        for catalogue in catalog_paths.translation_catalogs(base).values()
        for language in catalog_paths.LANGUAGES
    ]
    return [path for path in paths if path.exists() and po_files.compile_catalog(path)]
