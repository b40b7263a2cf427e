"""How the API describes itself: besides what it gives, how it refuses, and the headers that every call may bear."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from crm.kernel.api.idempotency import MAX_KEY_LENGTH
from crm.kernel.api.problem_details import PROBLEM_TITLES
from crm.kernel.api.serializers import ProblemDetails

PROBLEM_MEDIA_TYPE = "application/problem+json"
BODY_METHODS = ("POST", "PUT", "PATCH")
HEADER_LOCATION: Literal["header"] = "header"
IDEMPOTENCY_KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": MAX_KEY_LENGTH},
    HEADER_LOCATION,
    description="The same key with the same body gets the first answer again, for seven days, and has no second effect.",
)
IDEMPOTENCY_REPLAYED_HEADER = OpenApiParameter(
    "Idempotency-Replayed",
    bool,
    HEADER_LOCATION,
    response=[200, 201],
    description="True where the answer is the first one again.",
)
QUOTA_STATUSES = [200, 201, 400, 404, 409, 413, 415, 429]
QUOTA_HEADERS = [
    OpenApiParameter(name, int, HEADER_LOCATION, response=QUOTA_STATUSES, description=meaning)
    for name, meaning in (
        ("RateLimit-Limit", "Calls that the key has in a window."),
        ("RateLimit-Remaining", "How many of them are left."),
        ("RateLimit-Reset", "Seconds until the next window."),
    )
]
RETRY_AFTER_HEADER = OpenApiParameter(
    "Retry-After", int, HEADER_LOCATION, response=[429, 503], description="Seconds to wait."
)


class ApiSchema(AutoSchema):
    """Adds what holds for every call and that no view says itself."""

    def get_override_parameters(self) -> list[Any]:
        return [
            *([IDEMPOTENCY_KEY_HEADER, IDEMPOTENCY_REPLAYED_HEADER] if self._is_idempotent() else []),
            *QUOTA_HEADERS,
            RETRY_AFTER_HEADER,
        ]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        given: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._refusals():
            said = self._get_response_for_code(ProblemDetails, str(status), [PROBLEM_MEDIA_TYPE])  # type: ignore[no-untyped-call]
            given.setdefault(str(status), {**said, "description": PROBLEM_TITLES[status]})
        return given

    def _refusals(self) -> list[int]:
        """What may be answered besides; 409 of an idempotent call is at least a key used for another body."""
        asked = any(each.location == OpenApiParameter.QUERY for each in self.get_override_parameters())
        listed = self.method == "GET" and self._is_list_view()
        found = [401, 403, 429, 503]
        found += [400, 413, 415] if self.method in BODY_METHODS else [400] * (asked or listed)
        found += [404] * ("{" in self.path or listed)
        found += [409] * self._is_idempotent()
        return sorted(found)

    def _is_idempotent(self) -> bool:
        return getattr(getattr(self.view, str(self.method).lower(), None), "is_idempotent", False)
