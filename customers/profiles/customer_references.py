"""How other programs name a customer: by our public id, or by theirs as `external:source:value`."""

from collections.abc import Iterable

from crm.kernel.api.serializers import UNSTORABLE_CHARACTERS
from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.profiles.models import Customer

EXTERNAL_PREFIX = "external:"
BY_PUBLIC_ID = "SELECT public_id, coalesce(merged_into_id, id) FROM customers_customer WHERE public_id = ANY(%s)"
BY_EXTERNAL_ID = """
SELECT x.source, x.value, coalesce(c.merged_into_id, c.id)
FROM unnest(%s::text[], %s::text[]) AS asked(source, value)
JOIN customers_externalid x USING (source, value) JOIN customers_customer c ON c.id = x.customer_id
"""


def get_customer(reference: str) -> Customer:
    """The customer meant; a merged one is followed to its survivor. Raises Customer.DoesNotExist. At most two queries."""
    if reference.startswith(EXTERNAL_PREFIX):
        source, _colon, value = reference.removeprefix(EXTERNAL_PREFIX).partition(":")
        found = Customer.objects.get(external_ids__source=source, external_ids__value=value)
    else:
        found = Customer.objects.get(public_id=reference)
    while found.merged_into is not None:
        found = found.merged_into
    return found


def customer_ids_by_reference(references: Iterable[str]) -> dict[str, int]:
    """Reference → row id of many customers, in two queries; unknown ones are missing. Merged ones lead to their survivor."""
    wanted = {reference for reference in references if not UNSTORABLE_CHARACTERS.search(reference)}
    external = {
        ref: ref.removeprefix(EXTERNAL_PREFIX).partition(":")[::2] for ref in wanted if ref.startswith(EXTERNAL_PREFIX)
    }
    found: dict[str, int] = {}
    with cursor_for_keys(len(wanted)) as cursor:
        if public := list(wanted - external.keys()):
            cursor.execute(BY_PUBLIC_ID, [public])
            found |= dict(cursor.fetchall())
        if external:
            sources, values = zip(*external.values(), strict=True)
            cursor.execute(BY_EXTERNAL_ID, [list(sources), list(values)])
            known = {(source, value): pk for source, value, pk in cursor.fetchall()}
            found |= {ref: known[pair] for ref, pair in external.items() if pair in known}
    return found
