"""PostgreSQL refuses to run as root: there it gets a system user of its own."""

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import Any

from crm.launcher import terminal

NAME = "evergreen-db"


def options() -> dict[str, Any]:
    """What a start needs to run as that user; nothing where we are not root."""
    if os.geteuid() != 0:
        return {}
    user = made()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def made() -> pwd.struct_passwd:
    """The user, created where it is missing: no home, no shell, no password."""
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    order = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(order, check=True, capture_output=True, text=True)
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        reason = getattr(error, "stderr", "") or error
        terminal.refuse(
            f"PostgreSQL does not run as root, and the system user {NAME} could not be made: {reason}\n"
            "Start as an ordinary user, make that user, or set DATABASE_URL."
        )


def give(path: Path) -> None:
    """Make the folder that user's, where we are root."""
    if os.geteuid() == 0:
        user = made()
        os.chown(path, user.pw_uid, user.pw_gid)


def let_through(path: Path) -> None:
    """That user may pass (not read) every folder above the path: a project under /root is else out of reach."""
    if os.geteuid() != 0:
        return
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            terminal.line(f"The database's user {NAME} is let pass through {folder} (chmod o+x).")
            folder.chmod(mode | stat.S_IXOTH)
