"""The embedded broker: closed to strangers, on a port of its own, never a reason not to start."""

import os
import signal
import socket

import psutil
import pytest
import redis

pytestmark = pytest.mark.rule("PL-1")


def test_stranger_without_the_password_is_refused(valkey):
    valkey.start()

    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port).ping()
    assert redis.Redis.from_url(valkey.url()).ping()


def test_password_stands_in_no_list_of_processes(valkey):
    valkey.start()

    assert valkey.password not in " ".join(psutil.Process(valkey.child.pid).cmdline())
    assert (valkey.home / "valkey.conf").stat().st_mode & 0o077 == 0


def test_nothing_is_thrown_away_for_want_of_memory(valkey):
    valkey.start()

    assert redis.Redis.from_url(valkey.url()).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_second_start_keeps_port_and_content(valkey):
    valkey.start()
    port = valkey.port
    redis.Redis.from_url(valkey.url()).set("kept", "1")
    valkey.stop()

    valkey.start()

    assert valkey.port == port
    assert redis.Redis.from_url(valkey.url()).get("kept") == b"1"


def test_port_taken_since_then_is_left_to_its_taker(valkey):
    valkey.start()
    port = valkey.port
    valkey.stop()

    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", port))
        taker.listen()
        valkey.start()

        assert valkey.port != port
        assert valkey.answers()


def test_unreadable_data_is_put_aside(valkey):
    valkey.start()
    redis.Redis.from_url(valkey.url()).set("lost", "1")
    os.kill(valkey.child.pid, signal.SIGKILL)
    valkey.child.wait()
    (valkey.home / "appendonlydir" / "appendonly.aof.manifest").write_bytes(b"\0garbage\0\n")

    valkey.start()

    assert redis.Redis.from_url(valkey.url()).get("lost") is None
    assert (valkey.home / "appendonlydir.unreadable").exists()
