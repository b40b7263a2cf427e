"""Which catalogue a source file belongs to, and where the catalogues are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[3]
LANGUAGES = ("zh_Hans", "zh_Hant")
ROOT_CATALOG = "root"
KERNEL_CATALOG = "kernel"
SHOP_APPS = ("customers", "loyalty", "feedback", "retention")

TEMPLATE_SUFFIXES = {".html", ".txt", ".svg", ".xml", ".mjml"}
SOURCE_FOLDERS = ("crm", *SHOP_APPS, "templates")
SKIPPED_FOLDERS = {"migrations", "locale", "static", "__pycache__", "tests"}


@dataclass(frozen=True)
class TranslationCatalog:
    """One folder of translations: `name` is what the command line calls it."""

    name: str
    folder: Path

    def file(self, language: str) -> Path:
        return self.folder / language / "LC_MESSAGES" / "django.po"


def translation_catalogs(base: Path = PROJECT_ROOT) -> dict[str, TranslationCatalog]:
    """Every catalogue by name, in the order in which Django prefers them: root, kernel, then the apps."""
    folders = {ROOT_CATALOG: base / "locale", KERNEL_CATALOG: base / "crm/kernel/locale"}
    folders |= {app: base / app / "locale" for app in SHOP_APPS}
    return {name: TranslationCatalog(name, folder) for name, folder in folders.items()}


def catalog_of_source(path: Path) -> str:
    """The catalogue's name for a source file, given relative to the repository."""
    parts = path.parts
    if parts[0] == "templates":
        parts = parts[2:] if parts[1] == "mail" else parts[1:]
    elif parts[0] == "crm":
        parts = parts[1:]
    return parts[0] if parts[0] in (KERNEL_CATALOG, *SHOP_APPS) else ROOT_CATALOG


def source_files(base: Path = PROJECT_ROOT) -> Iterator[Path]:
    """Every Python file and template that people's words may stand in, relative to the repository."""
    for folder in SOURCE_FOLDERS:
        for path in sorted((base / folder).rglob("*")):
            relative = path.relative_to(base)
            if path.suffix in {".py", *TEMPLATE_SUFFIXES} and not SKIPPED_FOLDERS & set(relative.parts):
                yield relative
