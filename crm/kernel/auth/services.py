"""What people change about themselves, and what an administrator changes about people."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel import audit
from crm.kernel.auth.choices import StaffRole
from crm.kernel.auth.models import Team, User

PREFERENCE_FIELDS = {"name", "language", "time_zone", "theme", "density", "shortcuts"}
ACCOUNT_FIELDS = ("name", "email", "role", "scope", "team", "is_active")


class LastAdministrator(Exception):
    """Without an administrator nobody could let anybody in again."""

    message = _("This is the last administrator who may sign in. Make somebody else an administrator first.")


def save_preferences(*, user: User, **choices: Any) -> User:
    """Keep a person's own choices; nothing that touches rights can be changed here."""
    unknown = set(choices) - PREFERENCE_FIELDS
    if unknown:
        raise ValueError(f"not a person's own choice: {sorted(unknown)}")
    for field, value in choices.items():
        setattr(user, field, value)
    user.save(update_fields=list(choices))
    return user


@transaction.atomic
def add_user(*, by: User, **fields: Any) -> User:
    """Somebody new may sign in as soon as he has chosen a password; audited."""
    user = User.objects.create_user(password=None, **fields)
    audit.record_audit_entry("users.added", user, by=by, after=_account_values(user))
    return user


@transaction.atomic
def change_user(*, user: User, by: User, **fields: Any) -> User:
    """Change a person's name, address and rights; refused where no administrator would be left; audited."""
    administrators = list(User.objects.select_for_update().filter(role=StaffRole.ADMIN, is_active=True).order_by("pk"))
    before = _account_values(User.objects.get(pk=user.pk))
    for field, value in fields.items():
        setattr(user, field, value)
    stays = user.role == StaffRole.ADMIN and user.is_active
    if not stays and [each.pk for each in administrators] == [user.pk]:
        raise LastAdministrator(LastAdministrator.message)
    user.save(update_fields=list(fields))
    after = _account_values(user)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        audit.record_audit_entry(
            "users.changed",
            user,
            by=by,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return user


@transaction.atomic
def add_team(*, name: str, by: User) -> Team:
    """A new team; names are unique."""
    team = Team.objects.create(name=name)
    audit.record_audit_entry("teams.added", team, by=by, after={"name": name}, readable=["name"])
    return team


def _account_values(user: User) -> dict[str, Any]:
    return {name: str(getattr(user, name) or "") if name == "team" else getattr(user, name) for name in ACCOUNT_FIELDS}
