"""What the commands of bin/ tell the person at the terminal: always on standard error, so that output stays pure."""

import sys
from contextlib import suppress
from typing import NoReturn


class CommandRefusal(SystemExit):
    """The command cannot go on; the reason was said in words. Exit status 1."""

    def __init__(self, text: str) -> None:
        super().__init__(1)
        self.text = text


def print_line(text: str) -> None:
    """One line, at once."""
    with suppress(OSError):  # the terminal may be gone; what runs goes on
        print(text, file=sys.stderr, flush=True)


def refuse_command(text: str) -> NoReturn:
    """Say why not, and end."""
    print_line(text)
    raise CommandRefusal(text)
