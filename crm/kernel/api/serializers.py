"""Strict input: an unknown field is an error, and so is a NUL character."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Refuses fields that it does not know, naming each, and NUL characters anywhere."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [key for key in data if key not in self.fields]
            if unknown:
                raise serializers.ValidationError({key: [_("There is no such field.")] for key in unknown})
            if nul := [key for key, value in data.items() if _has_nul(value)]:
                raise serializers.ValidationError({key: [_("NUL characters are not allowed.")] for key in nul})
        return super().to_internal_value(data)


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_has_nul(part) for part in value)
