"""Ports on the loopback: free ones, kept from start to start where nobody took them since."""

import socket
from pathlib import Path

from crm.launcher import terminal


def remembered_port(path: Path) -> int:
    """The port noted in the file where it is still free, else any free one, noted for the next time."""
    for port in (read_noted_port(path), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            path.write_text(str(probe.getsockname()[1]))
            return int(probe.getsockname()[1])
    terminal.refuse_command("No port is free on 127.0.0.1.")


def read_noted_port(path: Path) -> int:
    """0 where nothing was noted."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 0
