"""Making and revoking keys of other programs."""

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.api.models import ApiKey
from crm.kernel.api.scopes import SCOPES
from crm.kernel.auth.models import User
from crm.kernel.auth.signed_links import hash_token
from crm.kernel.time import clock

LONGEST_NAME = 120


class UnknownScope(ValueError):
    """There is no such scope."""


@transaction.atomic
def create_api_key(*, name: str, scopes: Iterable[str], by: User) -> tuple[ApiKey, str]:
    """A new key and its only sight in clear."""
    wanted = sorted(set(scopes))
    if unknown := set(wanted) - set(SCOPES):
        raise UnknownScope(_("There is no scope called %(scope)s.") % {"scope": ", ".join(sorted(unknown))})
    secret = f"egk_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name, digest=hash_token(secret), hint=secret[:8], scopes=wanted, user=by, created_at=clock.now()
    )
    audit.record_audit_entry("api_key.created", key, by=by, after={"scopes": wanted})
    return key, secret


@transaction.atomic
def revoke_api_key(*, key: ApiKey, by: User) -> None:
    """The key opens nothing from now on; revoking twice changes nothing."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        audit.record_audit_entry("api_key.revoked", key, by=by)
