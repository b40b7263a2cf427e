"""The saved views of a list, as tabs."""

from dataclasses import dataclass

from django.db.models import Q

from crm.kernel.auth.models import User
from crm.kernel.ui.listing.models import SavedView


@dataclass(frozen=True)
class SavedViewTab:
    """A saved view as a tab; its owner may drop it."""

    public_id: str
    name: str
    url: str
    shared: bool
    current: bool
    own: bool


def saved_view_tabs(*, listing: str, user: User, current: str) -> list[SavedViewTab]:
    """The person's own views and the shared ones, oldest first; one query."""
    views = SavedView.objects.filter(Q(user=user) | Q(shared=True), listing=listing).order_by("created_at", "id")
    return [
        SavedViewTab(
            view.public_id,
            view.name,
            f"?{view.query}{'&' if view.query else ''}view={view.public_id}",
            view.shared,
            view.public_id == current,
            view.user_id == user.pk,
        )
        for view in views
    ]
