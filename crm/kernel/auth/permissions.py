"""Which role may do what. Pure: no database, no request."""

from crm.kernel.auth.choices import StaffRole

VIEW_PERMISSIONS = {
    "customers.view", "orders.view", "messages.view", "loyalty.view", "surveys.view", "tickets.view", "care.view",
    "metrics.view",
}  # fmt: skip
WORK_PERMISSIONS = {
    "customers.edit", "customers.contact", "customers.export", "customers.import", "orders.edit", "messages.send",
    "consent.edit", "loyalty.redeem", "loyalty.adjust", "loyalty.manage", "surveys.manage", "surveys.answer", "tickets.work",
    "tickets.manage", "care.work", "care.manage", "metrics.export", "views.share",
}  # fmt: skip
ADMIN_PERMISSIONS = {
    "settings.manage", "users.manage", "audit.view", "customers.merge", "customers.erase", "api.manage", "mailbox.view", "status.view",
}  # fmt: skip
ALL_PERMISSIONS = VIEW_PERMISSIONS | WORK_PERMISSIONS | ADMIN_PERMISSIONS

PERMISSIONS_BY_ROLE: dict[str, set[str]] = {
    StaffRole.ADMIN: ALL_PERMISSIONS,
    StaffRole.MANAGER: VIEW_PERMISSIONS | WORK_PERMISSIONS | {"audit.view", "customers.merge", "mailbox.view", "status.view"},
    StaffRole.MARKETING: VIEW_PERMISSIONS
    | {
        "customers.export", "customers.import", "messages.send", "consent.edit", "loyalty.manage", "surveys.manage", "care.work",
        "care.manage", "metrics.export", "views.share", "mailbox.view",
    },
    StaffRole.SALES: VIEW_PERMISSIONS
    | {
        "customers.edit", "customers.contact", "orders.edit", "messages.send", "consent.edit", "loyalty.redeem",
        "surveys.answer", "care.work",
    },
    StaffRole.SERVICE: VIEW_PERMISSIONS
    | {
        "customers.edit", "customers.contact", "messages.send", "consent.edit", "loyalty.redeem", "loyalty.adjust", "surveys.answer",
        "tickets.work", "care.work",
    },
    StaffRole.PRODUCT: {"surveys.view", "tickets.view", "metrics.view"},
    StaffRole.READONLY: VIEW_PERMISSIONS,
}  # fmt: skip


def role_has_permission(role: str, permission: str) -> bool:
    """True if the role holds the permission; an unknown permission is a programmer's error."""
    if permission not in ALL_PERMISSIONS:
        raise LookupError(f"no permission is called {permission!r}")
    return permission in PERMISSIONS_BY_ROLE.get(role, set())
