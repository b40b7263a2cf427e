"""Celery's settings. The broker only carries hints; the reasons stand beside each value."""

from typing import Any


def celery(redis_url: str) -> dict[str, Any]:
    """Settings for `app.conf`; without a broker (tests, single commands) tasks stay in memory."""
    visibility = 600
    return {
        "broker_url": redis_url or "memory://",
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_time_limit": 120,
        "task_soft_time_limit": 90,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        # The shortest visibility timeout among sharing programs wins, so all of ours agree.
        "visibility_timeout": visibility,
        "broker_transport_options": {
            "visibility_timeout": visibility,
            "unacked_restore_throttle": 1,
            "socket_timeout": 10,
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            "health_check_interval": 25,
        },
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_soft_shutdown_timeout": 20,
        "worker_max_tasks_per_child": 500,
        "worker_max_memory_per_child": 400_000,
        "worker_hijack_root_logger": False,
        "timezone": "UTC",
    }
