"""Every route of the URLconf, by name: the matrix of rights and the gallery of pages are enumerated from here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from crm.tools.check.source_paths import PRODUCT_FOLDERS, SHOP_APPS

MISSING_BY_CONVERTER: dict[str, Any] = {
    "IntConverter": 2_000_000_000,
    "UUIDConverter": "00000000-0000-0000-0000-000000000000",
}


@dataclass(frozen=True)
class Route:
    """One pattern of the URLconf; `name` carries its namespaces (`customers:customer_list`)."""

    name: str
    pattern: str
    view: Callable[..., HttpResponse]
    missing: tuple[tuple[str, Any], ...]

    @property
    def app(self) -> str:
        """Which file of rows it belongs to."""
        if ":" in self.name:
            return self.name.split(":")[0]
        if self.name.startswith(("account_", "mfa_")):
            return "accounts"
        package = self.module.split(".")[0]
        return package if package in SHOP_APPS else "crm"

    @property
    def module(self) -> str:
        """Where the view is written."""
        return getattr(self.view, "cls", self.view).__module__

    @property
    def is_ours(self) -> bool:
        return self.module.split(".")[0] in PRODUCT_FOLDERS

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/v1/")

    def missing_kwargs(self) -> dict[str, Any]:
        """Arguments of a record that does not exist."""
        return dict(self.missing)

    def url(self, kwargs: dict[str, Any]) -> str:
        return reverse(self.name, kwargs=kwargs)


def routes() -> dict[str, Route]:
    """All routes by name; one without a name is called by its pattern."""
    return {route.name: route for route in _walk(get_resolver().url_patterns, "", "", {})}


def _walk(patterns: list[Any], prefix: str, namespace: str, inherited: dict[str, Any]) -> Iterator[Route]:
    for pattern in patterns:
        text = prefix + re.sub(r"[\^$]", "", str(pattern.pattern))
        missing = inherited | _missing(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, text, inner, missing)
        elif isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name}" if pattern.name else f"/{text}"
            yield Route(name, text, pattern.callback, tuple(missing.items()))


def _missing(pattern: URLPattern | URLResolver) -> dict[str, Any]:
    converters = getattr(pattern.pattern, "converters", {})
    named = converters or dict.fromkeys(getattr(pattern.pattern.regex, "groupindex", {}))
    return {name: MISSING_BY_CONVERTER.get(type(found).__name__, "zz0000000000000000") for name, found in named.items()}
