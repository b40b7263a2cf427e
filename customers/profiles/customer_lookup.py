"""Which customer a line of text means: an id, an e-mail address or a phone number, as staff type it."""

from django.utils.translation import gettext as _

from crm.kernel import company, plain_text
from crm.kernel.auth.models import User
from customers.profiles import phones
from customers.profiles.models import Customer


class CustomerNotFound(Exception):
    """No customer, or several; the message says which."""


def find_visible_customer(text: str, user: User) -> Customer:
    """The one customer in the user's scope whom the text means; of several with the same address or number none is guessed.

    Refused: CustomerNotFound. One query.
    """
    text = plain_text.trim_text(text.replace("\x00", ""))
    customers = list(Customer.objects.current().visible_to(user).filter(**_lookup_filter(text))[:2])
    if not customers:
        raise CustomerNotFound(_("No customer has this e-mail address, phone number or id."))
    if len(customers) > 1:
        raise CustomerNotFound(_("Several customers have this. Give the customer id."))
    return customers[0]


def _lookup_filter(text: str) -> dict[str, str]:
    if text.startswith("cu_"):
        return {"public_id": text}
    if "@" in text:
        return {"email__lower": text.lower()}
    try:
        return {"phone": phones.normalize_phone(text, company.get_company().phone_region)}
    except phones.BadPhone:
        return {"public_id": text}
