"""What a fresh installation needs: every area registers a function; all may run again and change nothing."""

from collections.abc import Callable

Ensure = Callable[[], None]
registered: dict[str, Ensure] = {}


def ensured_by(name: str) -> Callable[[Ensure], Ensure]:
    """Register a function that makes an area's defaults where they are missing."""

    def keep(function: Ensure) -> Ensure:
        registered[name] = function
        return function

    return keep


def ensure_defaults() -> list[str]:
    """Run them all, lower areas first; returns their names."""
    for function in registered.values():
        function()
    return list(registered)
