"""Saving and dropping views of lists."""

from datetime import datetime

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.ui.listing.models import SavedView

UNSAVED_PARAMETERS = ("cursor", "view")


class MayNotShareView(Exception):
    """Sharing a view with everybody needs the right to."""


@transaction.atomic
def save_view(*, user: User, listing: str, name: str, query: str, at: datetime, shared: bool = False) -> SavedView:
    """Keep a list's filters under a name; the same name again replaces the person's own view."""
    if shared and not access.has_permission(user, "views.share"):
        raise MayNotShareView(_("You may not share views with everybody."))
    view, _created = SavedView.objects.update_or_create(
        listing=listing,
        user=user,
        name=name,
        defaults={"query": strip_unsaved_parameters(query), "shared": shared},
        create_defaults={"query": strip_unsaved_parameters(query), "shared": shared, "created_at": at},
    )
    audit.record_audit_entry(
        "view.saved", view, by=user, after={"name": name, "listing": listing, "shared": shared}, readable=["name"]
    )
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by: User) -> None:
    """Drop a view for everybody who used it."""
    audit.record_audit_entry(
        "view.removed",
        view,
        by=by,
        before={"name": view.name, "query": view.query, "shared": view.shared},
        readable=["name"],
    )
    view.delete()


def strip_unsaved_parameters(query: str) -> str:
    """The parts of an address that a view keeps: no page, no view."""
    params = QueryDict(query, mutable=True)
    for name in UNSAVED_PARAMETERS:
        params.pop(name, None)
    return params.urlencode()
