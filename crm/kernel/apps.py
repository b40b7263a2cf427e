import importlib

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The label is `kernel` for good: tables and migrations carry it."""

    name = "crm.kernel"
    label = "kernel"

    def ready(self) -> None:
        """The clock's offset is fixed now; a CRM_NOW in production ends the start here."""
        from crm.kernel import clock

        clock.offset()
        for registering in (
            "db.lookups",
            "audit.sealing",
            "door.memory",
            "events.delivery",
            "jobs.runner",
            "health",
            "api.idempotency",
        ):
            importlib.import_module(f"crm.kernel.{registering}")
