"""Default deny: a view that names no scope is open to nobody."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # the framework's views import this module
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """A view has `scope = "orders"`: reading needs `orders:read`, everything else `orders:write`.

    `read_scope` or `write_scope` name one outright where the method does not tell.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if request.auth is None:
            return False
        reading = request.method in SAFE_METHODS
        area = getattr(view, "scope", None)
        named = getattr(view, "read_scope" if reading else "write_scope", None)
        wanted = named or (f"{area}:{'read' if reading else 'write'}" if area else None)
        return wanted is not None and wanted in getattr(request.auth, "scopes", ())
