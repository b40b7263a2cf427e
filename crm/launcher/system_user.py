"""PostgreSQL refuses to run as root: there it gets a system user of its own."""

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import Any

from crm.launcher import terminal

SYSTEM_USER = "evergreen-db"


def process_options() -> dict[str, Any]:
    """What a start needs to run as that user; nothing where we are not root."""
    if os.geteuid() != 0:
        return {}
    user = ensure_system_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def ensure_system_user() -> pwd.struct_passwd:
    """The user, created where it is missing: no home, no shell, no password."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    order = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(order, check=True, capture_output=True, text=True)
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        reason = getattr(error, "stderr", "") or error
        terminal.refuse_command(
            f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be made: {reason}\n"
            "Start as an ordinary user, make that user, or set DATABASE_URL."
        )


def give_folder(path: Path) -> None:
    """Make the folder that user's, where we are root."""
    if os.geteuid() == 0:
        user = ensure_system_user()
        os.chown(path, user.pw_uid, user.pw_gid)


def allow_passage(path: Path) -> None:
    """That user may pass (not read) every folder above the path: a project under /root is else out of reach."""
    if os.geteuid() != 0:
        return
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            terminal.print_line(f"The database's user {SYSTEM_USER} is let pass through {folder} (chmod o+x).")
            folder.chmod(mode | stat.S_IXOTH)
