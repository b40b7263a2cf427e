"""Test databases: made, cloned and dropped by the owner of the tables, each as a copy of one template.

Migrating an empty database takes a quarter of a minute, copying one a quarter of a second. So the first process that
needs a test database migrates a template, which stays on the server; it and all others copy that. The template's name
ends with a fingerprint of whatever shapes it, so a changed migration has a template of its own.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.apps import apps
from django.conf import settings
from django.db.backends.postgresql import creation
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils.translation import override

if TYPE_CHECKING:
    from crm.kernel.db.backend.base import DatabaseWrapper

PREFIX = "crm_template_"
UNFINISHED = "_unfinished"
# So many templates are kept: those of the branches that one goes to and fro between.
KEPT = 3
# Of the advisory lock under which a template is made and copied.
LOCK = 7_102_026
# What comes with a migration besides itself: its operations, the privileges, the command.
OPERATIONS = ("crm.kernel.db.operations", "crm.kernel.db.grants", "crm.kernel.management.commands.migrate", __name__)


class DatabaseCreation(creation.DatabaseCreation):
    """Django's, as the owner, and out of the template."""

    connection: "DatabaseWrapper"

    def create_test_db(
        self, verbosity: int = 1, autoclobber: bool = False, serialize: bool | None = True, keepdb: bool = False
    ) -> str:
        """A migrated database of the name that the settings say; one that is kept (`--reuse-db`) is Django's affair."""
        with self.connection.as_owner():
            if keepdb:
                return super().create_test_db(verbosity, autoclobber, serialize, keepdb)
            with self._alone() as cursor:
                name = self._copy(self._template(cursor), verbosity, autoclobber)
            self._turn_to(name)
            if serialize:
                vars(self.connection)["_test_serialized_contents"] = self.serialize_db_to_string()
        return name

    def clone_test_db(self, *args: Any, **kwargs: Any) -> None:
        with self.connection.as_owner():
            super().clone_test_db(*args, **kwargs)

    def destroy_test_db(self, *args: Any, **kwargs: Any) -> None:
        with self.connection.as_owner():
            super().destroy_test_db(*args, **kwargs)

    @contextmanager
    def _alone(self) -> Iterator[Any]:
        """A cursor outside of all test databases; whoever else makes one waits, as long as a migration takes."""
        with self.connection._nodb_cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            yield cursor

    def _template(self, cursor: Any) -> str:
        """The name of the finished template, made now unless it is there. Half-made ones and old ones are dropped."""
        name, quoted = PREFIX + fingerprint(), self.connection.ops.quote_name
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC", [f"{PREFIX}%"])
        there = [each for (each,) in cursor.fetchall()]
        others = [each for each in there if each != name and not each.endswith(UNFINISHED)]
        for old in set(there) - {name, *others[: KEPT - 1]}:
            cursor.execute(f"DROP DATABASE {quoted(old)} WITH (FORCE)")
        if name not in there:
            self._make(name + UNFINISHED)
            cursor.execute(f"ALTER DATABASE {quoted(name + UNFINISHED)} RENAME TO {quoted(name)}")
        return name

    def _make(self, name: str) -> None:
        """Migrate an empty database of this name. A process killed meanwhile leaves nothing that anybody would copy."""
        own, wanted = self.connection.settings_dict["NAME"], self.connection.settings_dict["TEST"]["NAME"]
        self.connection.settings_dict["TEST"]["NAME"] = name
        try:
            super().create_test_db(verbosity=0, autoclobber=True, serialize=False)
        finally:
            self.connection.settings_dict["TEST"]["NAME"] = wanted
            self._turn_to(own)

    def _copy(self, template: str, verbosity: int, autoclobber: bool) -> str:
        own: Any = self  # the stubs do not know all of Django's methods
        self.connection.settings_dict["TEST"]["TEMPLATE"] = template
        try:
            return str(own._create_test_db(verbosity, autoclobber))
        finally:
            del self.connection.settings_dict["TEST"]["TEMPLATE"]

    def _turn_to(self, name: str) -> None:
        """From now on the connection leads to this database."""
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name


def fingerprint() -> str:
    """Of all that shapes an empty database: migrations, what they are made of, models with their rights, the roles."""
    found = hashlib.sha256(repr([django.VERSION, _roles(), _models()]).encode())
    for path in sorted(_files()):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _roles() -> list[str | None]:
    product = settings.DATABASES["default"]
    return [product.get("USER"), product["OWNER"].get("USER")]


def _models() -> list[tuple[object, ...]]:
    """What privileges, content types and permissions are made from."""
    with override(None):
        return [
            (of.label, str(of.verbose_name_raw), of.default_permissions, of.permissions, *_rights(of.model))
            for of in (model._meta for model in apps.get_models())
        ]


def _rights(model: type[Model]) -> tuple[object, object]:
    return getattr(model, "APPEND_ONLY", False), getattr(model, "UPDATABLE", ())


def _files() -> set[Path]:
    """Every migration, and the modules that one of them imports, as those of its fields."""
    files = _sources(OPERATIONS)
    for app in apps.get_app_configs():
        package, _explicit = MigrationLoader.migrations_module(app.label)
        for found in _sources([package] if package else []):
            migrations = set(found.parent.glob("*.py"))
            files |= migrations.union(*(_sources(_imports(each)) for each in migrations))
    return files


def _imports(migration: Path) -> set[str]:
    """What a migration imports; some of these names are no modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(migration.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _sources(names: Iterable[str]) -> set[Path]:
    """The files of those names that are modules."""
    files = set()
    for name in names:
        with suppress(ModuleNotFoundError):
            spec = find_spec(name)
            if spec and spec.has_location and spec.origin:
                files.add(Path(spec.origin))
    return files
