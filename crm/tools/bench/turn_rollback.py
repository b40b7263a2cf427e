"""Work that leaves nothing behind: each turn runs in a transaction that is taken back, untimed, and vacuumed away.

A commit inside it only releases a savepoint, so `commit` flushes the log on a connection of its own: the disk is paid.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


class TurnRollback:
    """Begins and takes back turns; `tables` are vacuumed before each."""

    def __init__(self, *tables: str) -> None:
        self.tables = ", ".join(tables)
        self.turn: Any = None
        self.disk: Any = None

    @contextmanager
    def around(self) -> Iterator[None]:
        """From the first turn to the last."""
        self.disk = connection.copy()
        self.disk.ensure_connection()
        try:
            yield
        finally:
            self.undo()
            self.disk.close()

    def begin(self) -> None:
        """A new turn on clean tables."""
        self.undo()
        owned: Any = connection
        with owned.as_owner(), connection.cursor() as cursor:
            cursor.execute(f"VACUUM {self.tables}")
        self.turn = transaction.atomic()
        self.turn.__enter__()

    def undo(self) -> None:
        """Take the turn back."""
        if self.turn is not None:
            transaction.set_rollback(True)
            self.turn.__exit__(None, None, None)
            self.turn = None

    def commit(self, *_progress: int) -> None:
        """Pay a commit: the log up to here is on disk, as after a real one."""
        with self.disk.cursor() as cursor:
            cursor.execute("SELECT pg_logical_emit_message(true, 'bench', '')")
