"""Processes beside the bench that do something each time they are asked: a line in, a line out."""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.db import connection

from crm.tools.proofs.scratch_database import urls_of_database


class LineProcess:
    """`python -m module` over this connection's database; it says one line when it is ready."""

    def __init__(self, module: str, **environ: Any) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            env={
                **os.environ,
                **urls_of_database(connection.settings_dict["NAME"]),
                **{name: str(value) for name, value in environ.items()},
            },
            cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        self.ready = self.answer()

    def ask(self) -> None:
        """Let it begin; `answer` waits for it."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")

    def answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        """Its stdin ends, and so does it."""
        self._process.communicate()
