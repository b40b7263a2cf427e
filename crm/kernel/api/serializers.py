"""Strict input: an unknown field is an error, and so is a NUL character."""

import threading
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Refuses fields that it does not know, naming each, and NUL characters anywhere."""

    @classmethod
    def checked(cls, data: Any) -> dict[str, Any]:
        """The validated record, or ValidationError; by the form that this thread keeps."""
        try:
            found: dict[str, Any] = cls.kept().run_validation(data)
        except serializers.ValidationError as error:
            if isinstance(error.detail, list):
                raise serializers.ValidationError({"non_field_errors": error.detail}) from error
            raise
        return found

    @classmethod
    def kept(cls) -> "StrictSerializer":
        """One form for each thread: a new one copies all its fields first, which is half of the work of a small record."""
        forms: dict[Any, Any] = vars(_forms)
        if cls not in forms:
            forms[cls] = cls()
        form: StrictSerializer = forms[cls]
        return form

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [key for key in data if key not in self.fields]
            if unknown:
                raise serializers.ValidationError({key: [_("There is no such field.")] for key in unknown})
            if nul := [key for key, value in data.items() if _has_nul(value)]:
                raise serializers.ValidationError({key: [_("NUL characters are not allowed.")] for key in nul})
        return super().to_internal_value(data)


_forms = threading.local()


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_has_nul(part) for part in value)
