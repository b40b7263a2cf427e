"""What may stand behind the question mark of an address: a name that is not known is a filter that would not filter."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


def refuse_unknown_parameters(request: Request, known: Iterable[OpenApiParameter], *more: str) -> None:
    """Refuse an address that asks for anything but what is described, naming each."""
    names = {parameter.name for parameter in known} | set(more)
    if unknown := [name for name in request.query_params if name not in names]:
        raise ValidationError({name: [_("There is no such parameter.")] for name in unknown})
