"""Channels, a module each: how addresses and texts of a channel are written, and how its messages leave.

The modules are loaded by `messaging.extensions`, because they need the outbox, which asks the registry.
"""

import importlib
import pkgutil

from customers.messaging.channels.registry import channel_kinds, get_channel_kind, is_channel_configured

__all__ = ["channel_kinds", "get_channel_kind", "is_channel_configured", "load_channel_kinds"]


def load_channel_kinds() -> None:
    """Import every module of this folder: each registers its channel."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
