"""The roof: when every app stands, their areas register what they bring, and composition and wiring tie them together."""

import importlib
import pkgutil

from django.apps import AppConfig

SHOP_APPS = ("customers", "loyalty", "feedback", "retention")
# What an area or an app may bring beside what others import: found by its name, so that no list has to know of it.
REGISTERING = ("settings", "defaults", "extensions", "jobs", "listeners")


class ConfigConfig(AppConfig):
    """Loads what registers itself, app by app from the lowest, then what is composed from all of them."""

    name = "crm.config"

    def ready(self) -> None:
        for app in SHOP_APPS:
            import_registering(app)
        importlib.import_module("crm.config.composition")
        importlib.import_module("crm.config.wiring")


def import_registering(app: str) -> None:
    """Import the registering modules of every area of an app, then its own."""
    modules = list(pkgutil.iter_modules(importlib.import_module(app).__path__))
    areas = [f"{app}.{module.name}" for module in modules if module.ispkg and module.name != "migrations"]
    for package in (*areas, app):
        present = {module.name for module in pkgutil.iter_modules(importlib.import_module(package).__path__)}
        for name in REGISTERING:
            if name in present:
                importlib.import_module(f"{package}.{name}")
