"""What we use of psycopg and Django that no documentation promises: an upgrade that changes it fails here, by name."""

import inspect
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql import base, creation, operations
from django.db.backends.utils import CursorWrapper
from psycopg import errors

from crm.kernel.auth.models import Team
from crm.kernel.db.backend import connections
from crm.kernel.db.backend.base import DatabaseWrapper

RELIED_ON: list[tuple[Callable[..., Any], list[str]]] = [
    # crm/kernel/db/backend/connections.py
    (psycopg.Connection.wait, ["self", "gen", "interval", "timeout"]),
    # crm/kernel/db/backend/base.py
    (BaseDatabaseWrapper._prepare_cursor, ["self", "cursor"]),
    (BaseDatabaseWrapper.close_if_health_check_failed, ["self"]),
    (base.DatabaseWrapper.get_connection_params, ["self"]),
    (base.DatabaseWrapper.get_new_connection, ["self", "conn_params"]),
    (base.DatabaseWrapper.init_connection_state, ["self"]),
    (base.DatabaseWrapper.is_usable, ["self"]),
    (base.ServerBindingCursor, ["connection", "row_factory"]),
    (operations.DatabaseOperations.last_executed_query, ["self", "cursor", "sql", "params"]),
    (BaseDatabaseOperations.execute_sql_flush, ["self", "sql_list"]),
    # crm/kernel/db/backend/creation.py
    (base.DatabaseWrapper._nodb_cursor, ["self"]),
    (BaseDatabaseCreation._create_test_db, ["self", "verbosity", "autoclobber", "keepdb"]),
    (creation.DatabaseCreation.create_test_db, ["self", "verbosity", "autoclobber", "serialize", "keepdb"]),
    (creation.DatabaseCreation.serialize_db_to_string, ["self"]),
    # crm/kernel/db/sql_rows.py
    (models.Model.from_db, ["db", "field_names", "values"]),
    (models.Field.get_db_converters, ["self", "connection"]),
    (models.Field.pre_save, ["self", "model_instance", "add"]),
    (models.Field.db_type, ["self", "connection"]),
    # crm/kernel/db/bulk_copy.py
    (psycopg.Cursor.copy, ["self", "statement", "params", "writer"]),
]


@pytest.mark.parametrize(("function", "parameters"), RELIED_ON, ids=lambda value: getattr(value, "__qualname__", ""))
def test_signature_is_the_one_that_we_rely_on(function, parameters):
    assert list(inspect.signature(function).parameters) == parameters


def test_errors_of_psycopg_that_we_tell_apart_are_operational():
    assert issubclass(errors._WaitTimeout, psycopg.OperationalError)
    assert issubclass(errors.ConnectionTimeout, psycopg.OperationalError)


def test_django_opens_connections_by_a_method_of_its_own():
    """Ours replaces it; what it does besides is a pool and a choice of isolation, which we have not."""
    source = inspect.getsource(base.DatabaseWrapper.get_new_connection)

    assert "self.Database.connect(**conn_params)" in source
    assert [line for line in source.splitlines() if "self.isolation_level =" in line]


@pytest.mark.django_db
def test_our_connection_waits_by_our_method():
    connection.ensure_connection()

    assert isinstance(connection.connection, connections.TimedConnection)
    assert connection.isolation_level is psycopg.IsolationLevel.READ_COMMITTED
    assert connection.connection.pgconn.finish is not None


@pytest.mark.django_db
def test_prepared_cursor_binds_on_the_server_and_is_wrapped_as_djangos_own():
    with connection.prepared_cursor() as cursor, connection.cursor() as plain:
        assert isinstance(cursor, CursorWrapper)
        assert isinstance(cursor.cursor, base.ServerBindingCursor)
        assert not isinstance(plain.cursor, base.ServerBindingCursor)
        assert connection.connection.prepare_threshold == 0


@pytest.mark.django_db
def test_session_keeps_generic_plans_and_limits_of_time(settings):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('plan_cache_mode'), current_setting('statement_timeout')::interval")
        plans, limit = cursor.fetchone()
        cursor.execute("SELECT %s::interval", [settings.STATEMENT_TIMEOUTS[settings.PROCESS_KIND][0]])

        assert (plans, limit) == ("force_generic_plan", cursor.fetchone()[0])


@pytest.mark.django_db
def test_state_of_an_instance_is_what_we_set_by_hand():
    saved = Team.objects.create(name="North")

    assert (saved._state.adding, saved._state.db) == (False, connection.alias)
    assert (Team()._state.adding, Team()._state.db) == (True, None)


def test_owner_is_a_matter_of_the_connection_parameters():
    parts = DatabaseWrapper({**connection.settings_dict, "AS_OWNER": True, "OWNER": {"USER": "o", "PASSWORD": "p"}})

    params = parts.get_connection_params()

    assert (params["user"], params["password"], params["prepare_threshold"]) == ("o", "p", 0)
