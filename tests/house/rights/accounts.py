"""Who may use the routes of signing in, the password and the second factor."""

from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from crm.kernel.auth.models import User
from tests.house.matrix import PUBLIC, SIGNED_IN, Row

OPEN = (
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
)
FOR_STAFF = (
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
)
WITH_SECOND_FACTOR = (
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
)


def a_password(user: User) -> None:
    """One that costs nothing to check."""
    user.password = PBKDF2PasswordHasher().encode("a password", "salt", iterations=1)
    user.save()


def a_second_factor(user: User) -> None:
    if not is_mfa_enabled(user):
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)


def an_old_link(owner: User) -> dict[str, Any]:
    return {"uidb36": "1", "key": "of-last-year"}


ROWS = [
    *(Row(name, PUBLIC) for name in OPEN),
    *(Row(name, SIGNED_IN) for name in FOR_STAFF),
    *(Row(name, SIGNED_IN, given=a_second_factor) for name in WITH_SECOND_FACTOR),
    Row("account_reauthenticate", SIGNED_IN, given=a_password),
    Row(
        "account_reset_password_from_key",
        PUBLIC,
        at=an_old_link,
        missing_status=200,
    ),
]
