"""A raw SMTP sink: takes mail, remembers it, and misbehaves as its script says: refusals, delays, resets around DATA.

In a thread (`with Sink(script) as sink`), or as a process of its own: `python -m crm.tools.proofs.smtp_sink --port 2526`.
"""

import argparse
import asyncio
import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

END_OF_MESSAGE = b"\r\n.\r\n"


@dataclass(frozen=True)
class SinkMessage:
    """One accepted message."""

    recipient: str
    message_id: str
    raw: bytes


@dataclass
class SinkScript:
    """How the sink behaves; replies are lines without CRLF. Tests override what they need."""

    greeting: str = "220 sink"
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8")
    keep_raw: bool = True
    # Servers end a connection after so many messages; 0 is never.
    most_messages: int = 0
    rcpt: dict[str, list[str]] = field(default_factory=dict)

    def on_rcpt(self, recipient: str) -> str:
        """The next scripted reply for this recipient, then acceptance."""
        replies = self.rcpt.get(recipient)
        return replies.pop(0) if replies else "250 2.1.5 Ok"

    def leaves(self, recipient: str) -> bool:
        """True: the connection ends between RCPT and DATA."""
        return False

    def on_data(self, recipient: str) -> str:
        """`reset` cuts the connection in the middle of the message."""
        return "354 go on"

    def delay(self, recipient: str) -> float:
        """Seconds between the final dot and the answer."""
        return 0.0

    def on_message(self, recipient: str, message_id: str) -> str:
        """The answer to the final dot; `reset` cuts without answer, `take-and-reset` accepts first."""
        return "250 2.0.0 Ok"


class SmtpSink:
    """The listening server in a thread of its own."""

    def __init__(self, script: SinkScript | None = None, port: int = 0) -> None:
        self.script = script or SinkScript()
        self.taken: list[SinkMessage] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "SmtpSink":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._listener.close()

    def recipients(self) -> list[str]:
        """To whom mail was accepted, in order."""
        return [one.recipient for one in self.taken]

    def serve_forever(self) -> None:
        """In this thread, until interrupted."""
        self._run()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._session, sock=self._listener, limit=32 * 1024 * 1024)
        )
        with contextlib.suppress(KeyboardInterrupt):
            self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with contextlib.suppress(Exception):
            self._loop.run_until_complete(asyncio.sleep(0))

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        # asyncio sets it for sockets made with IPPROTO_TCP only; without it each second answer waits 40 ms for an ACK.
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await SinkSession(self, reader, writer).run()
        writer.close()


class SinkSession:
    """One connection."""

    def __init__(self, sink: SmtpSink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sink, self.script, self.reader, self.writer = sink, sink.script, reader, writer
        self.recipient, self.messages = "", 0

    async def run(self) -> None:
        if not self._say(self.script.greeting):
            await asyncio.sleep(3600)
        while line := await self.reader.readline():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            if not await self._answer(verb.upper(), rest):
                return

    async def _answer(self, verb: str, rest: str) -> bool:
        if verb in ("EHLO", "HELO"):
            lines = ["sink", *self.script.extensions]
            self.writer.write(
                "".join(f"250{'-' if n < len(lines) - 1 else ' '}{line}\r\n" for n, line in enumerate(lines)).encode()
            )
        elif verb == "RCPT":
            self.recipient = rest.partition("<")[2].partition(">")[0]
            reply = self.script.on_rcpt(self.recipient)
            self._say(reply)
            return not (reply.startswith("421") or self.script.leaves(self.recipient))
        elif verb == "DATA":
            return await self._data()
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 Ok")
        return True

    async def _data(self) -> bool:
        reply = self.script.on_data(self.recipient)
        if reply == "reset":
            return self._reset()
        self._say(reply)
        if not reply.startswith("354"):
            return True
        raw = await self.reader.readuntil(END_OF_MESSAGE)
        message_id = header_value(raw, b"message-id")
        answer = self.script.on_message(self.recipient, message_id)
        if answer.startswith("250") or answer == "take-and-reset":
            self.sink.taken.append(
                SinkMessage(self.recipient, message_id, raw[: -len(END_OF_MESSAGE)] if self.script.keep_raw else b"")
            )
        if pause := self.script.delay(self.recipient):
            await asyncio.sleep(pause)
        self.messages += 1
        return self._reset() if answer.endswith("reset") else self._say(answer) and not self._is_full()

    def _is_full(self) -> bool:
        return 0 < self.script.most_messages <= self.messages

    def _say(self, reply: str) -> bool:
        if reply:
            self.writer.write(f"{reply}\r\n".encode())
        return bool(reply)

    def _reset(self) -> bool:
        """RST instead of FIN: what the network does when a machine dies."""
        raw: socket.socket = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        return False


def header_value(raw: bytes, name: bytes) -> str:
    """The first value of a header, unfolded no further."""
    for line in _header_lines(raw):
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip().decode("ascii", "replace")
    return ""


def _header_lines(raw: bytes) -> Iterator[bytes]:
    for line in raw.split(b"\r\n"):
        if not line:
            return
        yield line


def main() -> None:
    """A sink that only counts, for measurements."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    sink = SmtpSink(SinkScript(keep_raw=False), options.port)
    print(sink.port, flush=True)
    sink.serve_forever()
    print(len(sink.taken), file=sys.stderr)


if __name__ == "__main__":
    main()
