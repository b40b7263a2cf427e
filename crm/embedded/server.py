"""`bin/server`: from nothing to an address in the browser, with one command."""

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from crm.embedded import frontend, ports, prepare, processes, say
from crm.embedded.places import ROOT, Places
from crm.embedded.stack import Stack
from crm.embedded.supervisor import Supervisor, programs

ANSWER_SECONDS = 90


def main(arguments: list[str], given: dict[str, str]) -> int:
    """Start everything, say where it is, and stay until Ctrl-C."""
    asked = options(arguments)
    began = time.monotonic()
    stack = Stack(Places.of(given), {"SITE_URL": address(asked.host, asked.port), **given})
    own(stack, asked.port)
    news: list[str] = []
    supervisor = Supervisor(stack, programs(asked.host, asked.port, mailbox=not given.get("EMAIL_URL")))
    try:
        stack.clear_leftovers()
        refuse_taken(asked.host, asked.port)
        stack.given["MAILBOX_PORT"] = str(ports.kept(stack.places.run / "mailbox-port"))
        frontend.ensure()
        stack.start()
        news.append(prepare.ensure(stack.places, stack.environ()))
        if asked.demo:
            news.append(demo(stack))
        supervisor.start("web")  # first, alone: the address is there sooner
        wait_for_answer(supervisor, asked.port)
        supervisor.start("mailbox", "worker", "beat")
        stack.publish()
        welcome(stack, asked, news, time.monotonic() - began)
        supervisor.watch()
    except KeyboardInterrupt:
        pass
    finally:
        supervisor.answer_signals(stopping=True)
        tell(news)
        say.line("Stopping …")
        stack.note.unlink(missing_ok=True)
        supervisor.stop()
        stack.stop()
        say.line("Stopped. The data stays in " + str(stack.places.var))
    return 0


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/server", description="Run Evergreen CRM on this machine.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0: reachable from other machines too")
    parser.add_argument("--demo", action="store_true", help="fill an empty installation with an example company")
    return parser.parse_args(arguments)


def own(stack: Stack, port: int) -> None:
    """This var/ is ours from now on, or the reason why not."""
    until = time.monotonic() + 10
    while not stack.own("bin/server"):
        owner = stack.owned_by()
        if owner.get("what") == "bin/server" or time.monotonic() > until:
            say.refuse(
                f"{owner.get('what', 'Another command')} (process {owner.get('pid', '?')}) already runs in "
                f"{stack.places.var}, {owner.get('address', 'without an address')}.\n"
                "Stop it there with Ctrl-C, or run a second installation beside it: "
                f"CRM_VAR=/another/folder bin/server --port {port + 1}"
            )
        time.sleep(0.2)
    stack.describe({"pid": os.getpid(), "what": "bin/server", "address": stack.given["SITE_URL"]})


def refuse_taken(host: str, port: int) -> None:
    """A port that somebody else holds is said at once, with a free one beside it."""
    if not is_free(host, port):
        other = next((n for n in range(port + 1, port + 200) if is_free(host, n)), 0)
        say.refuse(f"Port {port} on {host} is taken by another program. Try: bin/server --port {other}")


def is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            say.refuse(f"{port} is not a port: choose one from 1024 to 65535.")
        except PermissionError:
            say.refuse(f"Port {port} needs more rights; choose one above 1023: bin/server --port 8000")
        except socket.gaierror:
            say.refuse(f"“{host}” is no address of this machine.")
        except OSError:
            return False
    return True


def demo(stack: Stack) -> str:
    """An example company where there are no customers yet; the logins that it printed."""
    order = [sys.executable, "-m", "crm.embedded.example"]
    done = subprocess.run(order, cwd=ROOT, env=stack.environ(), stdout=subprocess.PIPE, text=True)
    if done.returncode:
        say.refuse(f"{done.stdout}The example company could not be made; the lines above say why.")
    return done.stdout.strip()


def wait_for_answer(supervisor: Supervisor, port: int) -> None:
    """Until the web answers, or the end of its log says why it does not."""
    until = time.monotonic() + ANSWER_SECONDS
    web = next(program for program in supervisor.watched if program.name == "web")
    while time.monotonic() < until and web.child and web.child.poll() is None:
        if answers(port):
            return
        time.sleep(0.1)
    log = supervisor.stack.places.log("web")
    say.refuse(f"The web server did not start. The end of {log}:\n{processes.last_lines(log)}")


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True  # it speaks; what it says is in its log
    except OSError:
        return False


def address(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::', '127.0.0.1') else host}:{port}"


def tell(news: list[str]) -> None:
    """Logins, once: a made-up password is kept nowhere, so it is told even when the start failed after making it."""
    for text in filter(None, news):
        say.line(text)
    news.clear()


def welcome(stack: Stack, asked: argparse.Namespace, news: list[str], seconds: float) -> None:
    """Where it is, and how to get in."""
    say.line("")
    say.line(f"Evergreen CRM runs at {address(asked.host, asked.port)} (after {seconds:.1f} s). Ctrl-C stops it.")
    tell(news)
    say.line("A forgotten password is set anew by: bin/manage changepassword E-MAIL")
    say.line(f"Logs: {stack.places.logs}")
