"""A database of its own for a proof, and the addresses by which its processes find it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.db import connection


def urls_of_database(database: str) -> dict[str, str]:
    """The addresses of the environment, with another database."""
    names = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if os.environ.get(name)]
    return {name: urlunsplit(urlsplit(os.environ[name])._replace(path=f"/{database}")) for name in names}


@contextmanager
def scratch_database() -> Iterator[None]:
    """A fresh, migrated database for the length of the block; the installation's own is not touched."""
    own = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"prove_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)
