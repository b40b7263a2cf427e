from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The label is `kernel` for good: tables and migrations carry it."""

    name = "crm.kernel"
    label = "kernel"
