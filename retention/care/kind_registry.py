"""Finds the kinds of a package: every module in it holds one kind, and the modules are the list."""

import importlib
import pkgutil
from typing import ClassVar, Generic, Protocol, TypeVar


class RegisteredKind(Protocol):
    """What a registry needs of a kind: the word that is stored with rows, and its place among the others."""

    kind: ClassVar[str]
    order: ClassVar[int]


KindT = TypeVar("KindT", bound=RegisteredKind)


class KindRegistry(Generic[KindT]):
    """The kinds of one package by their stored word. The modules are imported when the product starts, or at the first
    question: models may ask although the modules of the kinds import models."""

    def __init__(self, package: str) -> None:
        self.package = package
        self._kinds: dict[str, KindT] = {}
        self._is_loaded = False

    def register(self, kind_class: type[KindT]) -> type[KindT]:
        """Decorator of a kind's class; one instance of it serves everybody."""
        self._kinds[kind_class.kind] = kind_class()
        return kind_class

    def get(self, kind: str) -> KindT:
        """The kind that a row names; KeyError where no module holds it."""
        self.load()
        return self._kinds[kind]

    def all(self) -> list[KindT]:
        """Every kind, in its order."""
        self.load()
        return sorted(self._kinds.values(), key=lambda kind: kind.order)

    def load(self) -> None:
        """Import the modules of the kinds, once; a broken one shows here."""
        if self._is_loaded:
            return
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__, f"{self.package}."):
            importlib.import_module(module.name)
        self._is_loaded = True
