"""A mail server for one connection that says what it was told to say."""

import socket
import struct
import threading

from customers.messaging.channels import smtp


class Server:
    """Says its lines, one after each packet that it hears; then resets the connection."""

    def __init__(self, *lines, listens=65536):
        self.lines, self.listens, self.heard = [b"220 here\r\n", *lines], listens, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.talk)
        self.thread.start()

    def talk(self):
        peer, _address = self.listener.accept()
        for line in self.lines:
            peer.sendall(line)
            self.heard.append(peer.recv(self.listens))
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.thread.join()
        self.listener.close()

    def connect(self):
        return smtp.SmtpConnection(smtp.SmtpServer("127.0.0.1", self.port))
