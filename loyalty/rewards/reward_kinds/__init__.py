"""The kinds of rewards, a module each."""

import importlib
import pkgutil


def load_kinds() -> None:
    """Import every module of this folder: each registers its kind."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)


load_kinds()
