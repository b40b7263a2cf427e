"""A real server for the bench, and a signed-in session for its client."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.utils.crypto import get_random_string

from crm.kernel.auth.models import User
from crm.tools.bench.http_client import BadAnswer, KeepAliveClient
from crm.tools.proofs.scratch_database import urls_of_database


@contextmanager
def run_web_server(settings_module: str = "crm.config.settings", workers: int = 2, threads: int = 4) -> Iterator[str]:
    """gunicorn over this connection's database; the address without a slash at its end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "crm.config.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads)]
    # A client keeps its connection while other pieces are measured.
    command += ["--keep-alive", "600", "--log-level", "warning"]
    environ = {
        **os.environ,
        **urls_of_database(connection.settings_dict["NAME"]),
        "CRM_PROCESS_KIND": "web",
        "DJANGO_SETTINGS_MODULE": settings_module,
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        command, env=environ, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for_answer(port)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for_answer(port: int) -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        try:
            KeepAliveClient(f"127.0.0.1:{port}").get("/healthz")
            return
        except (OSError, http.client.HTTPException, BadAnswer):
            time.sleep(0.2)
    raise TimeoutError("the bench's server does not answer")


def signed_in_client(address: str, user: User, backend: str = "") -> KeepAliveClient:
    """A client with a session, whose forms are accepted."""
    mark = get_random_string(32)
    return KeepAliveClient(
        address, {"Cookie": f"{session_cookie(user, backend)}; {settings.CSRF_COOKIE_NAME}={mark}", "X-CSRFToken": mark}
    )


def session_cookie(user: User, backend: str = "") -> str:
    """A signed-in session's cookie."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = backend or settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
