"""The way in for everything in bin/: make the environment, go on inside it, run the command."""

import os
import signal
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])

from crm.launcher import environment, terminal  # noqa: E402
from crm.launcher.paths import read_settings  # noqa: E402


def main() -> int:
    """`python crm/launcher/__main__.py COMMAND …`; exit status of the command."""
    name, arguments = sys.argv[1], sys.argv[2:]
    given = read_settings(dict(os.environ))
    environment.enter_environment(
        environment.ensure_environment("runtime" if name in ("server", "manage") else "dev", given)
    )

    from crm.launcher import commands, server

    given |= {"PATH": os.pathsep.join([str(Path(sys.prefix) / "bin"), given.get("PATH", "")])}
    signal.signal(signal.SIGTERM, raise_interrupt)
    try:
        return server.main(arguments, given) if name == "server" else commands.COMMANDS[name](arguments, given)
    except terminal.CommandRefusal:
        return 1
    except KeyboardInterrupt:
        return 130


def raise_interrupt(*_: object) -> None:
    """SIGTERM is answered like Ctrl-C: what was started is stopped on the way out."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
