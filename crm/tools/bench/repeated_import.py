"""One file of rows on its way through the import, and the very same rows as bytes for COPY."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.db import connection

from crm.kernel.time import clock
from crm.tools.bench.timing import OURS
from crm.tools.bench.turn_rollback import TurnRollback
from customers.importing import services
from customers.importing.models import Import

BENCH_SOURCE = "bench-file"
CHUNK_BYTES = 1 << 16


@dataclass(frozen=True)
class FilledTable:
    """A table that the file fills, and which of its rows came of it."""

    name: str
    columns: Sequence[str]
    where: str

    @property
    def out(self) -> str:
        return f"COPY (SELECT {', '.join(self.columns)} FROM {self.name} WHERE {self.where} ORDER BY id) TO STDOUT"

    @property
    def into(self) -> str:
        return f"COPY {self.name} ({', '.join(self.columns)}) FROM STDIN"


class RepeatedImport:
    """A file that is imported again and again, and taken back each time; `also` are other tables that it touches."""

    def __init__(
        self, kind: str, write: Callable[[Path], Path], tables: Sequence[FilledTable], also: Sequence[str]
    ) -> None:
        self.kind, self.write, self.tables = kind, write, tables
        self.undoing = TurnRollback(*[table.name for table in tables], "customers_importrow", *also)
        self.copied: dict[str, bytes] = {}
        self.path = Path()
        self.batch: Import | None = None

    @contextmanager
    def around(self) -> Iterator[None]:
        """The file lies ready, and what COPY is given has been read from a first import."""
        with tempfile.TemporaryDirectory() as folder, self.undoing.around():
            self.path = self.write(Path(folder) / "file.csv")
            self.undoing.begin()
            self.upload()
            self.run()
            self.copied = {table.into: _copy_out(table.out) for table in self.tables}
            self.look()
            yield

    def look(self) -> None:
        """What else another side needs of the first import."""

    def begin(self, side: str) -> None:
        """Clean tables; for ours the file is taken up."""
        self.undoing.begin()
        if side in (OURS, "the first time"):
            self.upload()

    def begin_again(self, side: str) -> None:
        """For the second time the first one is already in."""
        self.begin(side)
        if side == OURS:
            self.run()
            self.upload()

    def upload(self) -> None:
        """What the wizard does before the job: the file is kept, its columns are guessed."""
        with self.path.open("rb") as file:
            batch = services.create_import(file=File(file), name=self.path.name, kind=self.kind, at=clock.now())
        self.batch = services.map_columns(batch=batch, mapping=batch.mapping, source=BENCH_SOURCE)

    def run(self) -> int:
        """What the job does, every commit paid."""
        assert self.batch is not None
        found = services.execute_import(batch=self.batch, at=clock.now(), progress=self.undoing.commit)
        self.undoing.commit()
        Path(self.batch.file.path).unlink()
        return int(found["rows"])

    def copy(self) -> int:
        """The same rows into the same tables with all their indexes, in one commit."""
        with connection.cursor() as cursor:
            for statement, content in self.copied.items():
                with cursor.cursor.copy(statement) as copy:
                    for start in range(0, len(content), CHUNK_BYTES):
                        copy.write(content[start : start + CHUNK_BYTES])
        self.undoing.commit()
        return len(self.copied)


def _copy_out(statement: str) -> bytes:
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        return b"".join(copy)
