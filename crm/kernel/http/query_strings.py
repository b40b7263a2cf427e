"""The query of an address: what a form keeps of it, what a link takes away."""

from django.http import HttpRequest


def query_pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """The parameters of the address in their order, for the hidden fields of a form that keeps them."""
    return [(name, value) for name, values in request.GET.lists() for value in values if value]


def query_without(request: HttpRequest, *names: str) -> str:
    """The address's query without some parameters."""
    params = request.GET.copy()
    for name in names:
        params.pop(name, None)
    return params.urlencode()
