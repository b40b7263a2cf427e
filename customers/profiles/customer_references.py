"""How other programs name a customer: by our public id, or by theirs as `external:source:value`."""

from collections.abc import Iterable

from crm.kernel import plain_text
from crm.kernel.api.serializers import UNSTORABLE_CHARACTERS
from customers.profiles import queries
from customers.profiles.models import Customer

EXTERNAL_PREFIX = "external:"


def get_customer(reference: str) -> Customer:
    """The customer meant; a merged one is followed to its survivor. Raises Customer.DoesNotExist. At most two queries."""
    if reference.startswith(EXTERNAL_PREFIX):
        source, value = _external_pair(reference)
        customer = Customer.objects.get(external_ids__source=source, external_ids__value=value)
    else:
        customer = Customer.objects.get(public_id=reference)
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def customer_ids_by_reference(references: Iterable[str]) -> dict[str, int]:
    """Reference → row id of many customers, in two queries; unknown ones are missing. Merged ones lead to their survivor."""
    storable = {reference for reference in references if not UNSTORABLE_CHARACTERS.search(reference)}
    pairs = {reference: _external_pair(reference) for reference in storable if reference.startswith(EXTERNAL_PREFIX)}
    ids: dict[str, int] = {}
    if public_ids := list(storable - pairs.keys()):
        ids |= queries.ids_by_public_id(public_ids)
    if pairs:
        by_pair = queries.ids_by_external_id(list(pairs.values()))
        ids |= {reference: by_pair[pair] for reference, pair in pairs.items() if pair in by_pair}
    return ids


def _external_pair(reference: str) -> tuple[str, str]:
    source, _colon, value = reference.removeprefix(EXTERNAL_PREFIX).partition(":")
    return plain_text.trim_text(source), plain_text.trim_text(value)
