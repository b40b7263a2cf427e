"""The roof: when every app stands, composition and wiring tie them together."""

import importlib
from importlib.util import find_spec

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Loads each app's listeners, then what is composed from all of them."""

    name = "crm.config"

    def ready(self) -> None:
        for app in ("customers", "loyalty", "feedback", "retention"):
            if find_spec(f"{app}.listeners"):
                importlib.import_module(f"{app}.listeners")
        importlib.import_module("crm.config.composition")
        importlib.import_module("crm.config.wiring")
