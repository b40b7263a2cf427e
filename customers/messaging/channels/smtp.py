"""SMTP in separate steps: what goes before DATA, DATA itself, and the final reply, each with a deadline.

`smtplib.data()` does DATA and its content in one call; we must commit in between, and know on which side a connection broke.
"""

import base64
import contextlib
import socket
import ssl
import time
from dataclasses import dataclass, replace

CONNECT_SECONDS = 10
STEP_SECONDS = 20
TOTAL_SECONDS = 60
LONGEST_LINE = 2000


@dataclass(frozen=True)
class SmtpServer:
    """A mail server and how to log in to it."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    name: str = "localhost"


@dataclass(frozen=True)
class SmtpReply:
    """A reply of the server."""

    code: int
    text: str
    # The reply to MAIL FROM: it cannot speak of a recipient.
    is_about_sender: bool = False

    def __str__(self) -> str:
        return f"{self.code} {self.text}"[:500]


class SmtpConnectionLost(Exception):
    """The connection cannot be used any more: closed, silent, or without a reply that can be understood."""


class SmtpServerRefused(Exception):
    """No session could be started: greeting, TLS or password; the message says what the server answered."""


class SmtpConnection:
    """One connection. Every step writes or reads once, so that several connections can take steps side by side."""

    def __init__(self, server: SmtpServer) -> None:
        self._buffer = b""
        self._timeout = 0.0
        self.is_used = False
        self._deadline = time.monotonic() + TOTAL_SECONDS
        self.extensions: set[str] = set()
        self._auth_methods: list[str] = []
        try:
            self._socket = socket.create_connection((server.host, server.port), CONNECT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise SmtpServerRefused(f"{type(error).__name__}: {error}") from error
        try:
            self._greet(server)
        except (SmtpConnectionLost, OSError) as error:
            self.close()
            raise SmtpServerRefused(f"{type(error).__name__}: {error}") from error
        except SmtpServerRefused:
            self.close()
            raise

    def reset_deadline(self) -> None:
        """Start the minute of a new message, which ends with its final reply."""
        self._deadline = time.monotonic() + TOTAL_SECONDS

    @property
    def pipelines(self) -> bool:
        """True if the server takes what comes next before it has answered (RFC 2920)."""
        return "PIPELINING" in self.extensions

    def offer(self, sender: str, recipient: str) -> None:
        """MAIL and RCPT; `read_offer_refusal` reads the answers."""
        commands = self._offer(sender, recipient)
        self._write(commands if self.pipelines else commands[: commands.index(b"\r\n") + 2])

    def read_offer_refusal(self) -> SmtpReply | None:
        """None if the server takes this recipient, else its refusal; the connection is then ready for another message."""
        mail = self._read()
        if mail.code == 421:
            return mail
        if self.pipelines:
            rcpt = self._read()
        elif mail.code == 250:
            rcpt = self._ask(self._rcpt)
        else:
            rcpt = mail
        if mail.code == 250 and rcpt.code in (250, 251):
            return None
        return self._reset_after(replace(mail, is_about_sender=True) if mail.code != 250 else rcpt)

    def start_data(self) -> None:
        """DATA; `read_data_refusal` reads the answer."""
        self._write(b"DATA\r\n")

    def read_data_refusal(self) -> SmtpReply | None:
        """None if the server waits for the message, else its refusal."""
        reply = self._read()
        return None if reply.code == 354 else self._reset_after(reply)

    def send_message(self, raw: bytes, following: tuple[str, str] | None = None) -> None:
        """Send the message, its final dot and, in the same packet, the offer of the following one.

        If this raises, the final dot did not leave, so there is nothing that the server could accept. Once it returns,
        only the answer tells what happened.
        """
        message = raw.replace(b"\r\n.", b"\r\n..")
        message = (b"." if message.startswith(b".") else b"") + message + b".\r\n"
        next_offer = self._offer(*following) if following else b""
        unsent = self._send(message + next_offer)
        if unsent > len(next_offer):
            raise SmtpConnectionLost("the connection was cut inside the message")

    def read_final_reply(self) -> SmtpReply:
        """The server's reply to the whole message."""
        self.is_used = True
        return self._read()

    def quit(self) -> None:
        """End the session without waiting for an answer."""
        with contextlib.suppress(SmtpConnectionLost, OSError):
            self._socket.settimeout(1)
            self._socket.sendall(b"QUIT\r\n")
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()

    def _greet(self, server: SmtpServer) -> None:
        if server.tls:
            self._encrypt(server.host)
        self._expect(self._read(), 220)
        self._hello(server.name)
        if server.starttls:
            # A relay that was told to speak TLS never gets a message in clear text.
            self._expect(self._ask("STARTTLS"), 220)
            self._encrypt(server.host)
            self._hello(server.name)
        if server.user:
            self._log_in(server.user, server.password)

    def _hello(self, name: str) -> None:
        reply = self._ask(f"EHLO {name}")
        if reply.code != 250:
            self._expect(self._ask(f"HELO {name}"), 250)
            return
        self.extensions = {line.split(" ")[0].upper() for line in reply.text.split("\n")[1:]}
        self._auth_methods = next(
            (line.upper().split()[1:] for line in reply.text.split("\n") if line.upper().startswith("AUTH")), []
        )

    def _log_in(self, user: str, password: str) -> None:
        if "PLAIN" in self._auth_methods or not self._auth_methods:
            secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
            self._expect(self._ask(f"AUTH PLAIN {secret}"), 235)
            return
        self._expect(self._ask("AUTH LOGIN"), 334)
        self._expect(self._ask(base64.b64encode(user.encode()).decode()), 334)
        self._expect(self._ask(base64.b64encode(password.encode()).decode()), 235)

    def _encrypt(self, host: str) -> None:
        self._buffer = b""
        self._socket.settimeout(STEP_SECONDS)
        self._timeout = 0.0
        self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=host)

    @staticmethod
    def _expect(reply: SmtpReply, code: int) -> None:
        if reply.code != code:
            raise SmtpServerRefused(str(reply))

    def _ask(self, line: str) -> SmtpReply:
        self._write(f"{line}\r\n".encode())
        return self._read()

    def _offer(self, sender: str, recipient: str) -> bytes:
        wide = " SMTPUTF8" if not (sender + recipient).isascii() and "SMTPUTF8" in self.extensions else ""
        self._rcpt = f"RCPT TO:<{recipient}>"
        return f"MAIL FROM:<{sender}>{wide}\r\n{self._rcpt}\r\n".encode()

    def _reset_after(self, refusal: SmtpReply) -> SmtpReply:
        """Servers remember sender and recipient of a refused message and would take the next one for nested."""
        if refusal.code != 421 and self._ask("RSET").code != 250:
            raise SmtpConnectionLost("RSET was refused")
        return refusal

    def _write(self, raw: bytes) -> None:
        if self._send(raw):
            raise SmtpConnectionLost("the connection was cut while writing")

    def _send(self, raw: bytes) -> int:
        """How many bytes could not be handed to the network any more; none if all went well."""
        rest = memoryview(raw)
        try:
            while rest:
                self._set_timeout()
                rest = rest[self._socket.send(rest) :]
        except (OSError, SmtpConnectionLost):
            pass
        return len(rest)

    def _read(self) -> SmtpReply:
        lines: list[str] = []
        while True:
            line = self._line()
            if len(line) < 3 or not line[:3].isdigit():
                raise SmtpConnectionLost("an answer without a code")
            lines.append(line[4:])
            if line[3:4] != "-":
                return SmtpReply(int(line[:3]), "\n".join(lines).replace("\x00", ""))

    def _line(self) -> str:
        while b"\n" not in self._buffer:
            try:
                self._set_timeout()
                received = self._socket.recv(4096)
            except OSError as error:
                raise SmtpConnectionLost(f"{type(error).__name__} while reading") from error
            if not received:
                raise SmtpConnectionLost("the server closed the connection")
            self._buffer += received
            if len(self._buffer) > LONGEST_LINE * 20:
                raise SmtpConnectionLost("an answer without an end")
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def _set_timeout(self) -> None:
        """A step has 20 seconds, and no more than the message has left; set only where it changes, since setting costs a call."""
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise SmtpConnectionLost("a minute is over")
        timeout = min(STEP_SECONDS, remaining)
        if timeout != self._timeout:
            self._socket.settimeout(timeout)
            self._timeout = timeout
