"""Where the web listens: served, or refused at once in words."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from crm.launcher import listen_address, server, terminal

pytestmark = pytest.mark.rule("PL-1")


class Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(400)
        self.end_headers()

    def log_message(self, *_about: object) -> None:
        pass


class Six(HTTPServer):
    address_family = socket.AF_INET6


@pytest.fixture
def listen() -> Iterator[object]:
    """Starts somebody who answers on a host; his port."""
    running = []

    def start(host: str) -> int:
        running.append((Six if ":" in host else HTTPServer)((host, 0), Quiet))
        threading.Thread(target=running[-1].serve_forever, daemon=True).start()
        return int(running[-1].server_address[1])

    yield start
    for one in running:
        one.shutdown()
        one.server_close()


@pytest.mark.parametrize(
    ("host", "bind", "url"),
    [
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1"),
        ("127.0.0.2", "127.0.0.2", "http://127.0.0.2"),
        ("0.0.0.0", "0.0.0.0", "http://127.0.0.1"),
        ("::1", "[::1]", "http://[::1]"),
        ("[::1]", "[::1]", "http://[::1]"),
        ("::", "[::]", "http://[::1]"),
        ("localhost", "localhost", "http://localhost"),
    ],
)
def test_address_is_bound_and_asked_as_it_was_given(listen, host, bind, url):
    bare = host.strip("[]")
    port = listen(bare)

    address = listen_address.parse_address(host, str(port))

    assert (address.bind, address.url) == (f"{bind}:{port}", f"{url}:{port}")
    assert address.answers()


def test_silent_address_does_not_answer():
    assert not listen_address.parse_address("127.0.0.2", "0").answers()


def test_port_0_is_a_free_one():
    first = listen_address.parse_address("127.0.0.1", "0")

    assert 1024 <= first.port <= 65535
    listen_address.refuse_taken_port(first)


@pytest.mark.parametrize("port", ["abc", "", "-1", "65536", "80.5", "٨٠٠٠", "1e3"])
def test_what_is_no_port_is_refused_in_words(port, capsys):
    with pytest.raises(terminal.CommandRefusal):
        listen_address.parse_address("127.0.0.1", port)

    assert f"“{port}” is not a port" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["198.51.100.1", "2001:db8::1", "no.such.host.invalid", "", "a" * 70, "1.2.3.4.5:::"])
def test_host_that_is_not_of_this_machine_is_refused_in_words(host, capsys):
    with pytest.raises(terminal.CommandRefusal):
        listen_address.parse_address(host, "8000")

    assert "is no address of this machine" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_taken_port_is_refused_with_a_free_one_beside_it(listen, host, capsys):
    address = listen_address.parse_address(host, str(listen(host)))

    with pytest.raises(terminal.CommandRefusal):
        listen_address.refuse_taken_port(address)

    assert f"Port {address.port} on {host} is taken" in capsys.readouterr().err


@pytest.mark.parametrize(("given", "port"), [({}, "8000"), ({"PORT": "9000"}, "9000"), ({"PORT": "abc"}, "abc")])
def test_port_of_the_environment_is_read_like_the_given_one(given, port):
    assert server.parse_options([], given).port == port
    assert server.parse_options(["--port", "8001"], given).port == "8001"
