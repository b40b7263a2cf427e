"""Where the web listens: an address and a port of this machine, checked before anything is started."""

import errno
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import NoReturn

from crm.launcher import terminal

# An address that means all of them is asked at the one of this machine.
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}

# Past any proxy that the environment names.
_DIRECT_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class ListenAddress:
    """A host (a name, IPv4 or IPv6) and a port."""

    host: str
    port: int

    @property
    def bind(self) -> str:
        """As gunicorn reads it."""
        return f"{bracket_host(self.host)}:{self.port}"

    @property
    def url(self) -> str:
        """As a browser on this machine reads it."""
        return f"http://{bracket_host(ANY_ADDRESS.get(self.host, self.host))}:{self.port}"

    def answers(self) -> bool:
        """Whether somebody speaks HTTP there; what it says is in its log."""
        try:
            with _DIRECT_OPENER.open(f"{self.url}/healthz", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


def parse_address(host: str, port: str) -> ListenAddress:
    """What was asked for, as far as this machine has it; refused in words otherwise. Port 0 is any free one."""
    host = host.strip().removeprefix("[").removesuffix("]")
    number = int(port) if port.isascii() and port.isdecimal() else -1
    if not 0 <= number <= 65535:
        terminal.refuse_command(
            f"“{port}” is not a port: choose one from 1024 to 65535, for example bin/server --port 8000"
        )
    if not host:
        refuse_host(host)
    found = find_free_port(host, number)
    return ListenAddress(host, number if found is None else found)


def refuse_taken_port(address: ListenAddress) -> None:
    """A port that somebody else holds is said at once, with a free one beside it."""
    if find_free_port(address.host, address.port) is None:
        others = range(address.port + 1, min(address.port + 200, 65536))
        other = next((port for port in others if find_free_port(address.host, port)), find_free_port(address.host, 0))
        terminal.refuse_command(
            f"Port {address.port} on {address.host} is taken by another program. Try: bin/server --port {other}"
        )


def find_free_port(host: str, port: int) -> int | None:
    """The port where one may listen (any free one for 0), None where it is taken; refuses what is not of this machine."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except PermissionError:
        terminal.refuse_command(f"Port {port} needs more rights; choose one above 1023: bin/server --port 8000")
    except (socket.gaierror, UnicodeError):
        refuse_host(host)
    except OSError as error:
        if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            refuse_host(host)
        return None


def refuse_host(host: str) -> NoReturn:
    terminal.refuse_command(
        f"“{host}” is no address of this machine. Try: bin/server --host 127.0.0.1, or 0.0.0.0 for all of its own."
    )


def bracket_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host
