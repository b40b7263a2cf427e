"""A client that keeps its connection; knows nothing of Django, so that a process of its own can use it."""

import http.client


class BadAnswer(Exception):
    """The server answered something else than was asked for."""


class KeepAliveClient:
    """One kept connection; every answer but a success raises BadAnswer."""

    def __init__(self, address: str, headers: dict[str, str] | None = None) -> None:
        self.connection = http.client.HTTPConnection(address, timeout=30)
        self.headers = headers or {}

    def get(self, path: str) -> str:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: str, kind: str = "application/json") -> str:
        return self._ask("POST", path, body.encode(), {"Content-Type": kind})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> str:
        self.connection.request(method, path, body, {**self.headers, **headers})
        response = self.connection.getresponse()
        text = response.read().decode()
        if response.status not in (200, 201, 302):
            raise BadAnswer(f"{method} {path}: {response.status} {text[:200]}")
        return text
