"""`bin/server`: from nothing to an address in the browser, with one command."""

import argparse
import os
import subprocess
import sys
import time

from crm.launcher import frontend, listen_address, ports, preparation, processes, terminal
from crm.launcher.listen_address import ListenAddress
from crm.launcher.paths import PROJECT_ROOT, InstallationPaths
from crm.launcher.service_stack import ServiceStack
from crm.launcher.supervisor import ProcessSupervisor, product_programs

ANSWER_SECONDS = 90


def main(arguments: list[str], variables: dict[str, str]) -> int:
    """Start everything, say where it is, and stay until Ctrl-C."""
    asked = parse_options(arguments, variables)
    address = listen_address.parse_address(asked.host, asked.port)
    began = time.monotonic()
    stack = ServiceStack(InstallationPaths.of(variables), {"SITE_URL": address.url, **variables})
    own_installation(stack, address)
    news: list[str] = []
    supervisor = ProcessSupervisor(stack, product_programs(address.bind, mailbox=not variables.get("EMAIL_URL")))
    try:
        stack.clear_leftovers()
        listen_address.refuse_taken_port(address)
        stack.given["MAILBOX_PORT"] = str(ports.remembered_port(stack.places.run / "mailbox-port"))
        frontend.ensure_frontend()
        stack.start()
        news.append(preparation.ensure_prepared(stack.places, stack.environ()))
        if asked.demo:
            news.append(make_example_company(stack))
        supervisor.start("web")  # first, alone: the address is there sooner
        wait_for_web(supervisor, address)
        supervisor.start("mailbox", "worker", "beat")
        stack.publish()
        print_welcome(stack, address, news, time.monotonic() - began)
        supervisor.watch()
    except KeyboardInterrupt:
        pass
    finally:
        supervisor.answer_signals(stopping=True)
        print_news(news)
        terminal.print_line("Stopping …")
        stack.note.unlink(missing_ok=True)
        supervisor.stop()
        stack.stop()
        terminal.print_line("Stopped. The data stays in " + str(stack.places.var))
    return 0


def parse_options(arguments: list[str], variables: dict[str, str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/server", description="Run Evergreen CRM on this machine.")
    parser.add_argument("--port", default=variables.get("PORT") or "8000", help="0: any free one")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0: reachable from other machines too; ::1: by IPv6")
    parser.add_argument("--demo", action="store_true", help="fill an empty installation with an example company")
    return parser.parse_args(arguments)


def own_installation(stack: ServiceStack, address: ListenAddress) -> None:
    """This var/ is ours from now on, or the reason why not."""
    until = time.monotonic() + 10
    while not stack.own("bin/server"):
        owner = stack.owned_by()
        if owner.get("what") == "bin/server" or time.monotonic() > until:
            terminal.refuse_command(
                f"{owner.get('what', 'Another command')} (process {owner.get('pid', '?')}) already runs in "
                f"{stack.places.var}, {owner.get('address', 'without an address')}.\n"
                "Stop it there with Ctrl-C, or run a second installation beside it: "
                f"CRM_VAR=/another/folder bin/server --port {address.port + 1}"
            )
        time.sleep(0.2)
    stack.describe({"pid": os.getpid(), "what": "bin/server", "address": address.url})


def make_example_company(stack: ServiceStack) -> str:
    """An example company where there are no customers yet; the logins that it printed."""
    order = [sys.executable, "-m", "crm.launcher.example_company"]
    done = subprocess.run(order, cwd=PROJECT_ROOT, env=stack.environ(), stdout=subprocess.PIPE, text=True)
    if done.returncode:
        terminal.refuse_command(f"{done.stdout}The example company could not be made; the lines above say why.")
    return done.stdout.strip()


def wait_for_web(supervisor: ProcessSupervisor, address: ListenAddress) -> None:
    """Until the web answers, or the end of its log says why it does not."""
    until = time.monotonic() + ANSWER_SECONDS
    web = next(program for program in supervisor.watched if program.name == "web")
    while time.monotonic() < until and web.child and web.child.poll() is None:
        if address.answers():
            return
        time.sleep(0.1)
    log = supervisor.stack.places.log("web")
    terminal.refuse_command(f"The web server did not start. The end of {log}:\n{processes.last_log_lines(log)}")


def print_news(news: list[str]) -> None:
    """Logins, once: a made-up password is kept nowhere, so it is told even when the start failed after making it."""
    for text in filter(None, news):
        terminal.print_line(text)
    news.clear()


def print_welcome(stack: ServiceStack, address: ListenAddress, news: list[str], seconds: float) -> None:
    """Where it is, and how to get in."""
    terminal.print_line("")
    terminal.print_line(f"Evergreen CRM runs at {address.url} (after {seconds:.1f} s). Ctrl-C stops it.")
    print_news(news)
    terminal.print_line("A forgotten password is set anew by: bin/manage changepassword E-MAIL")
    terminal.print_line(f"Logs: {stack.places.logs}")
