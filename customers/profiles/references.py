"""How other programs name a customer: by our public id, or by theirs as `external:source:value`."""

from customers.profiles.models import Customer

PREFIX = "external:"


def get_customer(reference: str) -> Customer:
    """The customer meant; a merged one is followed to its survivor. Raises Customer.DoesNotExist. At most two queries."""
    if reference.startswith(PREFIX):
        source, _colon, value = reference.removeprefix(PREFIX).partition(":")
        found = Customer.objects.get(external_ids__source=source, external_ids__value=value)
    else:
        found = Customer.objects.get(public_id=reference)
    while found.merged_into is not None:
        found = found.merged_into
    return found
