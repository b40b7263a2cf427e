"""How other programs name a customer: by our public id, or by theirs as `external:source:value`."""

from collections.abc import Iterable

from customers.profiles.models import Customer, ExternalId

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


def ids_of(references: Iterable[str]) -> dict[str, int]:
    """Reference → row id of many customers, in two queries; unknown ones are missing. Merged ones lead to their survivor."""
    wanted = set(references)
    external = {ref: ref.removeprefix(PREFIX).partition(":")[::2] for ref in wanted if ref.startswith(PREFIX)}
    rows = Customer.objects.filter(public_id__in=wanted - external.keys()).values_list(
        "public_id", "pk", "merged_into_id"
    )
    found = {public_id: merged or pk for public_id, pk, merged in rows}
    links = ExternalId.objects.filter(
        source__in={s for s, _v in external.values()}, value__in={v for _s, v in external.values()}
    )
    known = {
        (source, value): merged or pk
        for source, value, pk, merged in links.values_list("source", "value", "customer_id", "customer__merged_into_id")
    }
    return found | {ref: known[pair] for ref, pair in external.items() if pair in known}
