"""Strict input: an unknown field is an error, and so are NUL characters and halves of surrogate pairs.

Characters that nobody sees are dropped at the edges of every text.
"""

import re
import threading
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from crm.kernel import company, plain_text

UNSTORABLE_CHARACTERS = re.compile("[\x00\ud800-\udfff]")


class InstantField(serializers.DateTimeField):
    """A date and time that every calendar, zone and page can show: 1900 to 2100; without an offset, one of the company's zone."""

    first, last = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_aware(value):
            return super().enforce_timezone(value)
        with timezone.override(ZoneInfo(company.get_company().time_zone)):
            return super().enforce_timezone(value)

    def to_internal_value(self, value: Any) -> datetime:
        instant = super().to_internal_value(value)
        if not self.first <= instant < self.last:
            raise serializers.ValidationError(_("Must lie between 1900 and 2100."), code="out_of_range")
        return instant


class StrictSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Refuses fields that it does not know, naming each, and anywhere what PostgreSQL cannot store as text."""

    @classmethod
    def validate_record(cls, data: Any) -> dict[str, Any]:
        """The validated record, or ValidationError; by the form that this thread keeps."""
        try:
            found: dict[str, Any] = cls.thread_instance().run_validation(data)
        except serializers.ValidationError as error:
            if isinstance(error.detail, list):
                raise serializers.ValidationError({"non_field_errors": error.detail}) from error
            raise
        return found

    @classmethod
    def thread_instance(cls) -> "StrictSerializer":
        """One form for each thread: a new one copies all its fields first, which is half of the work of a small record."""
        forms: dict[Any, Any] = vars(_thread_instances)
        if cls not in forms:
            forms[cls] = cls()
        form: StrictSerializer = forms[cls]
        return form

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [key for key in data if key not in self.fields]
            if unknown:
                raise serializers.ValidationError({key: [_("There is no such field.")] for key in unknown})
            if bad := [key for key, value in data.items() if _is_unstorable(value)]:
                reason = _("NUL characters and halves of surrogate pairs are not allowed.")
                raise serializers.ValidationError({key: [reason] for key in bad})
            if type(data) is dict:
                data = {key: _trim_value(value) for key, value in data.items()}
        return super().to_internal_value(data)


@extend_schema_serializer(component_name="Reason")
class ProblemReason(serializers.Serializer[Any]):
    """One thing that was wrong."""

    code = serializers.CharField(help_text="For programs: required, invalid, not_found, too_much_refunded …")
    detail = serializers.CharField(help_text="For people.")
    attr = serializers.CharField(
        allow_null=True, help_text="The field, as in lines.0.quantity; null: the whole request."
    )


@extend_schema_serializer(component_name="Problem")
class ProblemDetails(serializers.Serializer[Any]):
    """Problem details (RFC 9457): why the request was refused. Nothing was written."""

    type = serializers.CharField(help_text="validation_error, client_error or server_error.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    request_id = serializers.CharField(help_text="Under which the log knows the request.")
    errors = ProblemReason(many=True)  # type: ignore[assignment]


_thread_instances = threading.local()


def _is_unstorable(value: Any) -> bool:
    if isinstance(value, str):
        return UNSTORABLE_CHARACTERS.search(value) is not None
    if isinstance(value, dict):
        return any(_is_unstorable(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_is_unstorable(part) for part in value)


def _trim_value(value: Any) -> Any:
    """Texts without invisible characters at their edges; records inside a list are trimmed by their own form."""
    if isinstance(value, str):
        return plain_text.trim_text(value)
    if isinstance(value, list):
        return [plain_text.trim_text(part) if isinstance(part, str) else part for part in value]
    return plain_text.trim_texts(value) if isinstance(value, dict) else value
