"""Whom a line means: an id, an e-mail address or a phone number, as staff type it."""

from typing import Any

from django.utils.translation import gettext as _

from crm.kernel import company
from customers.profiles import phones
from customers.profiles.models import Customer


class CustomerNotFound(Exception):
    """Nobody, or several; the message says which."""


def find_visible_customer(text: str, user: Any) -> Customer:
    """The one customer inside the person's scope; several with the same number are not guessed between."""
    text = text.strip().replace("\x00", "")
    people = Customer.objects.current().visible_to(user)
    found = list(people.filter(**_lookup_filter(text))[:2])
    if not found:
        raise CustomerNotFound(_("No customer has this e-mail address, phone number or id."))
    if len(found) > 1:
        raise CustomerNotFound(_("Several customers have this. Give the customer id."))
    return found[0]


def _lookup_filter(text: str) -> dict[str, str]:
    if text.startswith("cu_"):
        return {"public_id": text}
    if "@" in text:
        return {"email__lower": text.lower()}
    try:
        return {"phone": phones.normalize_phone(text, company.get_company().phone_region)}
    except phones.BadPhone:
        return {"public_id": text}
