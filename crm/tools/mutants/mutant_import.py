"""Imports one module of the product with a fault in it; everything else comes as it is."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType


class _MutantLoader(SourceFileLoader):
    """Loads the module from a text instead of its file."""

    source = ""

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, self.path, "exec", dont_inherit=True)


class _MutantFinder(MetaPathFinder):
    """Finds the one module."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        loader = _MutantLoader(fullname, spec.origin)
        loader.source = self.source
        spec.loader = loader
        return spec


def import_mutant(name: str, source: str) -> None:
    """From now on this process imports the module from `source`; it must not be imported yet."""
    assert name not in sys.modules, name
    sys.meta_path.insert(0, _MutantFinder(name, source))
