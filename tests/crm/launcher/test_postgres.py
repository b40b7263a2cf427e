"""The embedded database: what it is made with, and what it survives."""

import os
import signal
import socket

import psutil
import pytest

from crm.launcher.paths import MAX_SOCKET_PATH, SOCKET_NAME, InstallationPaths

pytestmark = pytest.mark.rule("PL-1")


def test_new_database_searches_chinese_and_checks_its_pages(postgres):
    postgres.start()

    assert postgres.sql("SHOW server_encoding") == "UTF8"
    assert postgres.sql("SELECT cardinality(show_trgm('客户'))") == "3"
    assert postgres.sql("SELECT 'É' ILIKE 'é'") == "t"
    assert postgres.sql("SHOW data_checksums") == "on"


def test_plain_c_locale_would_not_search_chinese(postgres):
    postgres.start()
    postgres.sql("CREATE DATABASE plain TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
    postgres.sql("CREATE EXTENSION pg_trgm", "plain")

    assert postgres.sql("SELECT cardinality(show_trgm('客户'))", "plain") == "0"


def test_product_has_two_roles_and_neither_is_superuser(postgres):
    postgres.start()

    roles = postgres.sql("SELECT rolname, rolsuper FROM pg_roles WHERE rolname LIKE 'crm%' ORDER BY 1")
    owner = postgres.sql("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'crm'")
    assert roles == "crm_app|f\ncrm_owner|f"
    assert owner == "crm_owner"


def test_only_its_user_enters_the_socket_folder(postgres):
    postgres.start()

    assert postgres.sockets.stat().st_mode & 0o077 == 0
    assert postgres.sql("SHOW listen_addresses") == ""


def test_second_start_finds_the_data(postgres):
    postgres.start()
    postgres.sql("CREATE TABLE kept AS SELECT 1 AS n")
    postgres.stop()

    postgres.start()

    assert postgres.sql("SELECT n FROM kept") == "1"


def test_pid_file_that_names_a_stranger_is_survived(postgres):
    postgres.start()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{postgres.data}\n1\n5432\n{postgres.sockets}\n\n\nready\n"
    )

    postgres.start()

    assert postgres.sql("SELECT 1") == "1"


def test_server_left_running_by_a_killed_predecessor_is_stopped_and_its_data_kept(postgres, elsewhere):
    left = int(
        elsewhere("""
        import os
        from crm.launcher.postgres import Postgres
        server = Postgres(places, fast=True)
        print(server.start(), flush=True)
        server.sql("CREATE TABLE kept AS SELECT 1 AS n")
        os._exit(9)
        """)
    )
    assert psutil.pid_exists(left)

    new = postgres.start()

    assert new != left
    assert not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE
    assert postgres.sql("SELECT n FROM kept") == "1"


def test_killed_server_starts_again(postgres):
    os.kill(postgres.start(), signal.SIGKILL)
    postgres.child.wait()

    postgres.start()

    assert postgres.sql("SELECT 1") == "1"


def test_half_made_data_is_made_anew(postgres):
    postgres.prepare_folders()
    (postgres.data / "base").mkdir()
    (postgres.data / "pg_hba.conf").touch()

    postgres.start()

    assert postgres.sql("SELECT 1") == "1"


def test_deep_folder_gets_a_short_socket_path(tmp_path):
    deep = InstallationPaths(tmp_path / ("d" * 60) / ("e" * 60))

    path = deep.sockets() / SOCKET_NAME

    assert len(str(path)) <= MAX_SOCKET_PATH
    assert path != InstallationPaths(tmp_path / ("d" * 60) / ("f" * 60)).sockets() / SOCKET_NAME
    with socket.socket(socket.AF_UNIX) as probe, pytest.raises(OSError, match="too long"):
        probe.bind(str(deep.var / "pg" / SOCKET_NAME))
