"""What people change about themselves."""

from typing import Any

from crm.kernel.people.models import User

OWN = {"name", "language", "time_zone", "theme", "density", "shortcuts"}


def choose(*, user: User, **choices: Any) -> User:
    """Keep a person's own choices; nothing that touches rights can be changed here."""
    unknown = set(choices) - OWN
    if unknown:
        raise ValueError(f"not a person's own choice: {sorted(unknown)}")
    for field, value in choices.items():
        setattr(user, field, value)
    user.save(update_fields=list(choices))
    return user
