"""Which role may do what. Pure: no database, no request."""

from crm.kernel.auth.choices import Role

VIEWS = {
    "customers.view", "orders.view", "messages.view", "loyalty.view", "surveys.view", "tickets.view", "care.view",
    "metrics.view",
}  # fmt: skip
WORK = {
    "customers.edit", "customers.contact", "customers.export", "customers.import", "orders.edit", "messages.send",
    "consent.edit", "loyalty.redeem", "loyalty.adjust", "loyalty.manage", "surveys.manage", "surveys.answer", "tickets.work",
    "tickets.manage", "care.work", "care.manage", "metrics.export", "views.share",
}  # fmt: skip
ADMINISTRATION = {
    "settings.manage", "users.manage", "audit.view", "customers.merge", "customers.erase", "api.manage", "mailbox.view", "status.view",
}  # fmt: skip
EVERYTHING = VIEWS | WORK | ADMINISTRATION

PERMISSIONS: dict[str, set[str]] = {
    Role.ADMIN: EVERYTHING,
    Role.MANAGER: VIEWS | WORK | {"audit.view", "customers.merge", "mailbox.view", "status.view"},
    Role.MARKETING: VIEWS
    | {
        "customers.export", "customers.import", "messages.send", "consent.edit", "loyalty.manage", "surveys.manage", "care.work",
        "care.manage", "metrics.export", "views.share", "mailbox.view",
    },
    Role.SALES: VIEWS
    | {
        "customers.edit", "customers.contact", "orders.edit", "messages.send", "consent.edit", "loyalty.redeem",
        "surveys.answer", "care.work",
    },
    Role.SERVICE: VIEWS
    | {
        "customers.edit", "customers.contact", "messages.send", "consent.edit", "loyalty.redeem", "loyalty.adjust", "surveys.answer",
        "tickets.work", "care.work",
    },
    Role.PRODUCT: {"surveys.view", "tickets.view", "metrics.view"},
    Role.READONLY: VIEWS,
}  # fmt: skip


def may(role: str, permission: str) -> bool:
    """True if the role holds the permission; an unknown permission is a programmer's error."""
    if permission not in EVERYTHING:
        raise LookupError(f"no permission is called {permission!r}")
    return permission in PERMISSIONS.get(role, set())
