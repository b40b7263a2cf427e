"""A mail server that takes everything and remembers to whom: `python -m crm.tools.bench.counting_sink`, a process of its own.

It says its port, and for each line that it reads from then on how many mails it took since, with the digest of their
recipients. Commands that came together are answered together, as mail servers answer PIPELINING.
"""

import contextlib
import hashlib
import json
import selectors
import socket
import sys
from typing import Any

SMTP_REPLIES = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class CountingSession:
    """One connection: what came of a command or a message, and to whom the present one goes."""

    def __init__(self, peer: socket.socket, taken: list[bytes]) -> None:
        self.peer, self.taken = peer, taken
        self.came, self.recipient, self.inside = b"", b"", False
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.sendall(b"220 sink\r\n")

    def read(self) -> bool:
        """Answer what has come; False at the end."""
        try:
            got = self.peer.recv(1 << 17)
            self.came += got
            if answers := b"".join(self._answers()):
                self.peer.sendall(answers)
        except ConnectionError:
            return False
        return bool(got)

    def _answers(self) -> Any:
        while True:
            head, end, rest = self.came.partition(b"\r\n.\r\n" if self.inside else b"\r\n")
            if not end:
                return
            self.came = rest
            yield self._message() if self.inside else self._command(head)

    def _message(self) -> bytes:
        self.inside = False
        self.taken.append(self.recipient)
        return b"250 taken\r\n"

    def _command(self, line: bytes) -> bytes:
        word = line[:4].upper()
        if word == b"RCPT":
            self.recipient = line.partition(b"<")[2].partition(b">")[0].lower()
        self.inside = word == b"DATA"
        return SMTP_REPLIES.get(word, b"250 ok\r\n")


def describe_taken(taken: list[bytes]) -> str:
    """How many, and to whom: the same for the same recipients in any order."""
    digest = hashlib.sha256(b"\n".join(sorted(taken))).hexdigest()[:16]
    return json.dumps({"taken": len(taken), "recipients": digest})


def main() -> None:
    """Serve until stdin ends."""
    taken: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    with selectors.DefaultSelector() as ready:
        ready.register(listener, selectors.EVENT_READ)
        ready.register(sys.stdin.fileno(), selectors.EVENT_READ)
        while True:
            for key, _events in ready.select():
                if key.fd == sys.stdin.fileno():
                    if not sys.stdin.readline():
                        return
                    print(describe_taken(taken), flush=True)
                    taken.clear()
                elif key.fileobj is listener:
                    peer = listener.accept()[0]
                    ready.register(peer, selectors.EVENT_READ, CountingSession(peer, taken))
                elif not key.data.read():
                    ready.unregister(key.fileobj)
                    key.data.peer.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
