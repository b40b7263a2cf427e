"""The pages of signing in, the password and the second factor."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import Login
from allauth.account.utils import user_pk_to_url_str

from crm.kernel.auth.models import User
from tests.house.gallery import Page
from tests.house.matrix import PUBLIC
from tests.house.rights.accounts import a_password, a_second_factor, an_old_link

STAGE = "mfa_authenticate"


def with_a_password(visitor: User) -> dict[str, Any]:
    a_password(visitor)
    return {}


def with_a_second_factor(visitor: User) -> dict[str, Any]:
    a_password(visitor)
    a_second_factor(visitor)
    return {}


def half_way_in(visitor: User) -> dict[str, Any]:
    """The password was right, the second factor is asked for."""
    somebody, _created = User.objects.get_or_create(email="half.way@gallery.example", defaults={"name": "Half Way"})
    with_a_second_factor(somebody)
    login = Login(user=somebody, email=somebody.email)
    login.state = {"stages": {"current": STAGE, STAGE: {"data": {"authentication_required": True}}}}
    return {"account_login": login.serialize()}


def own_link(visitor: User) -> dict[str, Any]:
    """Django's own link: the key has gone into the session, so that no proxy's log keeps it."""
    return {"uidb36": user_pk_to_url_str(visitor), "key": "set-password"}


def key_of_the_link(visitor: User) -> dict[str, Any]:
    return {"_password_reset_key": default_token_generator.make_token(visitor)}


PAGES = [
    Page("account_login", by=PUBLIC),
    Page("account_signup", by=PUBLIC),
    Page("account_inactive", by=PUBLIC),
    Page("account_reset_password", by=PUBLIC),
    Page("account_reset_password_done", by=PUBLIC),
    Page("account_reset_password_from_key", by=PUBLIC, at=lambda visitor: {"uidb36": "1", **an_old_link(visitor)}),
    Page("account_reset_password_from_key", by=PUBLIC, at=own_link, query="?", session=key_of_the_link),
    Page("account_reset_password_from_key_done", by=PUBLIC),
    Page("mfa_authenticate", by=PUBLIC, session=half_way_in),
    Page("account_logout"),
    Page("account_reauthenticate", at=with_a_password),
    Page("account_change_password", at=with_a_password),
    Page("mfa_index"),
    Page("mfa_activate_totp"),
    Page("mfa_index", by="manager", query="?", at=with_a_second_factor),
    Page("mfa_reauthenticate", by="manager", at=with_a_second_factor),
    Page("mfa_deactivate_totp", by="manager", at=with_a_second_factor),
    Page("mfa_view_recovery_codes", by="manager", at=with_a_second_factor),
    Page("mfa_generate_recovery_codes", by="manager", at=with_a_second_factor),
    Page("account_set_password", by="sales"),
]
NOT_PAGES = {"mfa_download_recovery_codes": "a download"}
