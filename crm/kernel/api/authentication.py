"""Programs show their key in `Authorization: Bearer egk_…`."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm.kernel.api.models import ApiKey
from crm.kernel.auth.signed_links import hash_token
from crm.kernel.db import sql_rows
from crm.kernel.time import clock

VALID_KEY_SQL = """WHERE t.digest = %s AND t.revoked_at IS NULL AND "user".is_active"""
LAST_USED_INTERVAL = timedelta(minutes=5)


class ApiKeyAuthentication(BaseAuthentication):
    """`request.auth` is the key, `request.user` whoever made it; the key's scopes decide, not the person's role."""

    def authenticate(self, request: Request) -> tuple[object, ApiKey] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        for key in sql_rows.load_instances(ApiKey, VALID_KEY_SQL, [hash_token(secret.strip())], related="user"):
            self._note_use(key)
            return key.user, key
        raise AuthenticationFailed(_("This key is unknown or revoked."))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def _note_use(self, key: ApiKey) -> None:
        now = clock.now()
        if key.last_used_at is None or now - key.last_used_at > LAST_USED_INTERVAL:
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes our keys."""

    target_class = "crm.kernel.api.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "egk_…"}
