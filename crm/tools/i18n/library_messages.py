"""Words of libraries that people see and that the library has not in all our languages."""

import gettext
import importlib.util
from functools import cache
from pathlib import Path

from crm.tools.i18n import catalog_paths, python_source, template_source
from crm.tools.i18n.catalog_entries import SourceMessage

# package: (its locale folder, the parts of it whose words reach a person)
LIBRARY_SOURCES = {
    "django": ("conf/locale", ("forms", "core/validators.py", "db/models/fields", "db/models/base.py")),
    "django.contrib.auth": ("locale", ("forms.py", "password_validation.py", "validators.py")),
    "allauth": ("locale", ("account", "mfa", "templates/account", "templates/mfa")),
    "crispy_forms": ("locale", (".",)),
    "crispy_bootstrap5": ("locale", (".",)),
    "phonenumber_field": ("locale", (".",)),
    "rest_framework": ("locale", ("exceptions.py", "fields.py", "relations.py", "serializers.py", "validators.py")),
}


@cache
def missing_library_messages() -> list[SourceMessage]:
    """Those messages of the packages above that at least one of our languages lacks."""
    return [message for package in LIBRARY_SOURCES for message in _missing_messages(package)]


def library_translation(message: SourceMessage, language: str) -> str:
    """What the packages themselves say for a message, or an empty text."""
    for package in LIBRARY_SOURCES:
        if text := _package_catalog(package, language).get(message.key):
            return text
    return ""


def _missing_messages(package: str) -> list[SourceMessage]:
    return [
        message
        for message in _package_messages(package)
        if not all(message.key in _package_catalog(package, language) for language in catalog_paths.LANGUAGES)
    ]


def _package_messages(package: str) -> list[SourceMessage]:
    root = _package_folder(package)
    files = [path for part in LIBRARY_SOURCES[package][1] for path in _source_files(root / part)]
    return [message for path in files for message in _file_messages(path)]


def _file_messages(path: Path) -> list[SourceMessage]:
    source = path.read_text(encoding="utf-8")
    return list((python_source if path.suffix == ".py" else template_source).messages(source))


def _source_files(part: Path) -> list[Path]:
    if part.is_file():
        return [part]
    return [
        path
        for path in sorted(part.rglob("*"))
        if path.suffix in {".py", *catalog_paths.TEMPLATE_SUFFIXES} and not {"tests", "migrations"} & set(path.parts)
    ]


@cache
def _package_catalog(package: str, language: str) -> dict[str, str]:
    folder = _package_folder(package) / LIBRARY_SOURCES[package][0]
    compiled = gettext.translation("django", folder, languages=[language], fallback=True)
    texts: dict[str | tuple[str, int], str] = getattr(compiled, "_catalog", {})
    return {key if isinstance(key, str) else key[0]: text for key, text in texts.items() if text}


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return Path("/nowhere")
    return Path(spec.origin).parent
