"""Many records in one call: each is checked alone, so that a bad one costs no good one."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from crm.kernel.api.serializers import StrictSerializer

MAX_RECORDS = 5_000


def validate_records(
    form: type[StrictSerializer], data: Any, build: Callable[[dict[str, Any]], Any]
) -> tuple[list[tuple[int, Any]], list[dict[str, Any]]]:
    """(index, built record) of the good ones, and index, attr and detail of the refused ones.

    What is no list, empty or longer than 5,000 is refused whole.
    """
    if not isinstance(data, list) or not data:
        raise serializers.ValidationError({"non_field_errors": [_("A list of records is expected.")]})
    if len(data) > MAX_RECORDS:
        raise serializers.ValidationError(
            {"non_field_errors": [_("At most %(n)s records a call.") % {"n": MAX_RECORDS}]}
        )
    good: list[tuple[int, Any]] = []
    refused: list[dict[str, Any]] = []
    for index, record in enumerate(data):
        try:
            good.append((index, build(form.validate_record(record))))
        except serializers.ValidationError as error:
            refused += [{"index": index, **reason} for reason in flatten_errors(error.detail)]
    return good, refused


def flatten_errors(detail: Any, path: str = "") -> list[dict[str, str]]:
    """Nested errors as flat lines of attr and detail."""
    if isinstance(detail, dict):
        return [
            line
            for key, value in detail.items()
            for line in flatten_errors(value, f"{path}.{key}" if path else str(key))
        ]
    if isinstance(detail, list) and any(isinstance(part, (dict, list)) for part in detail):
        return [line for place, part in enumerate(detail) if part for line in flatten_errors(part, f"{path}.{place}")]
    return [{"attr": path, "detail": str(part)} for part in (detail if isinstance(detail, list) else [detail])]
