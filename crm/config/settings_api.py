"""Settings of the REST interface and of its description."""

from typing import Any


def rest_framework(rate: str, proxies: int) -> dict[str, Any]:
    """Keys only, JSON only, default deny; `rate` as in 6000/min is each key's own."""
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": ["crm.kernel.api.authentication.ApiKeyAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["crm.kernel.api.permissions.HasScope"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["crm.kernel.api.parsers.SafeJsonParser"],
        "DEFAULT_SCHEMA_CLASS": "crm.kernel.api.schema.ApiSchema",
        "EXCEPTION_HANDLER": "crm.kernel.api.problem_details.answer_exception",
        "DEFAULT_PAGINATION_CLASS": "crm.kernel.api.pagination.NewestFirstPagination",
        "DEFAULT_THROTTLE_CLASSES": ["crm.kernel.api.throttling.ApiKeyThrottle"],
        "DEFAULT_THROTTLE_RATES": {"key": rate},
        "PAGE_SIZE": 50,
        "UNAUTHENTICATED_USER": None,
        "NUM_PROXIES": proxies,
    }


ERRORS = {"EXCEPTION_FORMATTER_CLASS": "crm.kernel.api.problem_details.ProblemFormatter"}
SCHEMA = {
    "TITLE": "Evergreen CRM",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "SurveyKindEnum": "feedback.surveys.survey_kinds.SURVEY_KIND_CHOICES",
        "SurveyChannelEnum": "feedback.surveys.choices.SurveyChannel",
        "TicketChannelEnum": "feedback.tickets.choices.TicketChannel",
        "InboundChannelEnum": "feedback.tickets.serializers.EXTERNAL_CHANNEL_CHOICES",
        "TicketStateEnum": "feedback.tickets.choices.TicketState",
        "MessageChannelEnum": "customers.messaging.choices.MessageChannel",
        "ConsentStateEnum": "customers.messaging.choices.ConsentState",
        "TicketMessageKindEnum": "feedback.tickets.choices.MessageKind",
    },
}
