"""Rights: what a role may do, and which records a person sees.

Lacking the action is 403; a record out of scope is 404, the same bytes as a missing id.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from crm.kernel.auth import permissions
from crm.kernel.auth.choices import RecordScope
from crm.kernel.auth.models import User

ViewFunction = Callable[..., HttpResponseBase]


class AuthenticatedHttpRequest(HttpRequest):
    """What a view behind `require_permissions` or `require_login` gets: its user is one of the staff."""

    user: User


def has_permission(user: Any, permission: str) -> bool:
    """True if the signed-in, active user's role holds the permission."""
    return bool(user.is_authenticated and user.is_active and permissions.role_has_permission(user.role, permission))


def may_see_all_records(user: Any, permission: str) -> bool:
    """True if the person holds the permission and his record scope leaves nobody out: a count of all is his count."""
    return has_permission(user, permission) and user.scope == RecordScope.ALL


def require_permissions(*permissions: str) -> Callable[[ViewFunction], ViewFunction]:
    """A view for people who hold all the permissions: strangers go to sign-in, others get 403."""

    def decorate(view: ViewFunction) -> ViewFunction:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not all(has_permission(request.user, permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def require_login(view: ViewFunction) -> ViewFunction:
    """A view for anybody of the staff."""
    return require_permissions()(view)


def allow_anonymous(view: ViewFunction) -> ViewFunction:
    """Says openly that a view needs no sign-in; the rights matrix asks every route which it is."""
    view.permissions = None  # type: ignore[attr-defined]
    return view


def get_visible_or_404(queryset: Any, user: Any, **lookup: Any) -> Any:
    """One record inside the user's scope; outside it looks like a missing one."""
    try:
        return queryset.visible_to(user).get(**lookup)
    except queryset.model.DoesNotExist as error:
        raise Http404 from error


def get_own_or_404(queryset: Any, user: Any, **lookup: Any) -> Any:
    """One record of the person's own, whatever the scope; others' look like missing ones."""
    try:
        return queryset.get(user=user, **lookup)
    except queryset.model.DoesNotExist as error:
        raise Http404 from error
