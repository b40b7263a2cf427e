"""What every template may ask: the person's rights, the languages, the company."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from crm.kernel import company
from crm.kernel.auth import permissions
from crm.kernel.auth.choices import RecordScope
from crm.kernel.ui.languages import html_lang


class PermissionFlags:
    """`{% if may.customers_export %}`: the dots of permissions are underscores here."""

    def __init__(self, role: str) -> None:
        self._held = {permission.replace(".", "_") for permission in permissions.PERMISSIONS_BY_ROLE.get(role, set())}

    def __getitem__(self, permission: str) -> bool:
        return permission in self._held


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Rights, language and theme; no query beyond the signed-in user and, every half minute, the company."""
    user = getattr(request, "user", None)
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return {
        "may": PermissionFlags(user.role if user is not None and user.is_authenticated else ""),
        "language": language,
        "html_lang": html_lang(language),
        "sees_all": getattr(user, "scope", "") == RecordScope.ALL,
        "languages": [
            (code, html_lang(code), name)
            for code, name in (("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文"))
        ],
        "company": SimpleLazyObject(company.get_company),
        "development": settings.DEVELOPMENT,
        "embedded_mailbox": settings.EMBEDDED_MAILBOX,
    }
