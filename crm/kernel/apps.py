import importlib

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The label is `kernel` for good: tables and migrations carry it."""

    name = "crm.kernel"
    label = "kernel"

    def ready(self) -> None:
        """The clock's offset is fixed now; a CRM_NOW in production ends the start here."""
        from crm.kernel.time import clock

        clock.clock_offset()
        for registering in (
            "db.lookups",
            "audit.seal_chain",
            "auth.login_throttle.database_cache",
            "background.events.delivery",
            "background.jobs.job_runner",
            "ops.health",
            "api.idempotency",
        ):
            importlib.import_module(f"crm.kernel.{registering}")
