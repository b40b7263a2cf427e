"""PostgreSQL's settings: by which role, and how long each kind of process waits for it."""

from typing import Any

# Per kind of process, for a statement and for a lock: a page must not hang, a worker may take a minute, a migration may
# not wait for a lock.
STATEMENT_TIMEOUTS = {"web": ("5s", "2s"), "worker": ("60s", "5s"), "command": ("0", "5s")}
# What the server cannot keep when it is frozen: how long the client waits for one answer before it hangs up. gunicorn's
# own time-out is no help, a worker with threads stays alive while all of them wait.
ANSWER_SECONDS = {"web": 6, "worker": 75, "command": None}
# Over a network (a socket in a folder ignores these): a lost peer is noticed within half a minute, data that nobody
# acknowledges within ten seconds.
NETWORK = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 10_000}


def database(product: dict[str, Any], *, owner: dict[str, Any], process: str, test_name: str | None) -> dict[str, Any]:
    """The product's connection out of its address; `owner` is the address of the role that owns the tables."""
    options = {**product.get("OPTIONS", {}), "connect_timeout": 3, "application_name": process, **NETWORK}
    return {
        **product,
        "ENGINE": "crm.kernel.db.backend",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OWNER": owner,
        "TEST": {"NAME": test_name},
        "OPTIONS": options,
    }
