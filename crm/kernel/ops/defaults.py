"""What a fresh installation needs: every area registers a function; all may run again and change nothing."""

from collections.abc import Callable

EnsureFunction = Callable[[], None]
ensure_functions: dict[str, EnsureFunction] = {}


def register_defaults(name: str) -> Callable[[EnsureFunction], EnsureFunction]:
    """Register a function that makes an area's defaults where they are missing."""

    def keep(function: EnsureFunction) -> EnsureFunction:
        ensure_functions[name] = function
        return function

    return keep


def ensure_defaults() -> list[str]:
    """Run them all, lower areas first; returns their names."""
    for function in ensure_functions.values():
        function()
    return list(ensure_functions)
