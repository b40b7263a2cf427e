"""PostgreSQL by two roles: the product acts as `crm_app`; tables belong to `crm_owner`.

Only migrations, the making of a test database and its flush act as the owner, so append-only tables are kept
by privileges and not by good will.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base, operations
from django.utils.asyncio import async_unsafe

from crm.kernel.db.backend import connections
from crm.kernel.db.backend.creation import DatabaseCreation

# The stubs know the cursor of psycopg 2 only.
_ServerBinding: Any = base.ServerBindingCursor


class DatabaseOperations(operations.DatabaseOperations):
    """A flush truncates, which only the owner may do; a prepared statement is logged as it was written."""

    connection: "DatabaseWrapper"

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        return super().last_executed_query(cursor, sql, params) or str(sql)

    def execute_sql_flush(self, sql_list: Any) -> None:
        with self.connection.as_owner():
            super().execute_sql_flush(sql_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, plus the owner's hat, the product's clock and limits of time per kind of process."""

    creation_class = DatabaseCreation
    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        if self.settings_dict.get("AS_OWNER"):
            owner = self.settings_dict["OWNER"]
            params["user"] = owner.get("USER") or params.get("user")
            if owner.get("PASSWORD"):
                params["password"] = owner["PASSWORD"]
        params["prepare_threshold"] = 0  # of the cursors that prepare at all
        return params

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> connections.TimedConnection:
        """Django's, without its pool and its choice of isolation (it stays READ COMMITTED), by one that hangs up."""
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return connections.open_connection(**conn_params)

    def is_usable(self) -> bool:
        """An old connection is not tried while the server is known not to answer."""
        return not connections.is_paused() and super().is_usable()

    def init_connection_state(self) -> None:
        super().init_connection_state()
        from crm.kernel.time import clock

        statement, lock = settings.STATEMENT_TIMEOUTS[settings.PROCESS_KIND]
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('crm.clock_offset', %s, false), set_config('statement_timeout', %s, false),"
                " set_config('lock_timeout', %s, false), set_config('plan_cache_mode', 'force_generic_plan', false)",
                [f"{clock.clock_offset().total_seconds()} seconds", statement, lock],
            )
        if not self.get_autocommit():
            self.connection.commit()

    def prepared_cursor(self) -> Any:
        """A cursor for `statements.prepared`; Django's own binds parameters on this side and prepares nothing."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        own: Any = self
        with self.wrap_database_errors:
            return own._prepare_cursor(_ServerBinding(self.connection))

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Reconnect as the owner of the tables for the length of the block."""
        if self.settings_dict.get("AS_OWNER"):
            yield
            return
        self.close()
        self.settings_dict["AS_OWNER"] = True
        try:
            yield
        finally:
            self.close()
            self.settings_dict["AS_OWNER"] = False
