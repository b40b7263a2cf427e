"""The key figures at the top of the dashboard, a module each: its number, how it changed, n, and a link to its customers."""

import importlib
import pkgutil

from retention.reports.tiles.registry import TileInputs, build_tiles

__all__ = ["TileInputs", "build_tiles", "load_tiles"]


def load_tiles() -> None:
    """Import every module of this folder: each registers its tile."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)


load_tiles()
