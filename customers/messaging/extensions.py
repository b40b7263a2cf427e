"""What messaging shows on the customer page."""

from typing import Any

from crm.kernel.auth import access
from customers.messaging import selectors
from customers.messaging.choices import SuppressionReason
from customers.profiles.models import Customer


def consent_panel(customer: Customer, user: Any) -> dict[str, Any]:
    """Consent per channel and topic, and what is suppressed; three queries."""
    parts = [part for part in selectors.consent_summary(customer) if part["address"]]
    for part in parts:
        part["stopped"] = [SuppressionReason(reason).label for reason in part["suppressed"]]
        for name, is_allowed in (("allowed", True), ("refused", False)):
            part[name] = [
                str(row["topic"].label)
                for row in part["topics"]
                if (row["allowed"] and not part["stopped"]) == is_allowed
            ]
    return {"customer": customer, "parts": parts, "may_edit": access.has_permission(user, "consent.edit")}


def write_mail_panel(customer: Customer, user: Any) -> dict[str, Any] | None:
    """The button that writes a mail, where there is an address and the right."""
    return {"customer": customer} if customer.email and access.has_permission(user, "messages.send") else None
