"""The three languages: codes of Django, of HTML and of Babel."""

import re

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

LANGUAGE_CODES = ("en", "zh-hans", "zh-hant")
_HTML_CODES = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
_BABEL_CODES = {"en": "en", "zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW"}


def html_lang(code: str) -> str:
    """`zh-hans` → `zh-Hans`, for lang attributes."""
    return _HTML_CODES.get(code, "en")


def babel_locale(code: str) -> str:
    """`zh-hans` → `zh_Hans_CN`, for numbers, dates and money."""
    return _BABEL_CODES.get(code, "en")


def match_language(code: str | None, default: str | None = None) -> str:
    """A code of ours for whatever a customer or a file says: `zh-TW`, `zh_CN`, `Chinese` …"""
    return find_language(code or "") or default or settings.LANGUAGE_CODE


def find_language(name: str) -> str | None:
    """A code of ours for a code or a name of a language, or None for one that we do not speak."""
    wanted = name.strip().lower().replace("_", "-")
    if wanted in LANGUAGE_CODES:
        return wanted
    if wanted.startswith(("zh", "chinese", "中文", "繁體", "繁体", "简体", "簡體")) or wanted in ("cn", "tw", "hk"):
        marks = ("hant", "tw", "hk", "mo", "traditional", "繁", "taiwan", "hong kong")
        return "zh-hant" if any(mark in wanted for mark in marks) else "zh-hans"
    return "en" if re.match(r"en(?![a-z])|english|英语|英語|英文", wanted) else None


def pick_text(texts: dict[str, str], code: str) -> str:
    """The text in a language, else in English, else any: `{"en": …, "zh-hans": …}`."""
    return texts.get(code) or texts.get("en") or next((text for text in texts.values() if text), "")


def visitor_language(request: HttpRequest) -> str:
    """What `?lang=`, the cookie or the browser asks for; Chinese of Taiwan, Hong Kong and Macao is traditional."""
    for wanted in (request.GET.get("lang", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if wanted in LANGUAGE_CODES:
            return wanted
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith(("zh", "en")):
            return match_language(tag)
    return settings.LANGUAGE_CODE


def activate_customer_language(request: HttpRequest, known: str) -> str:
    """Answer in a customer's language: what `?lang=` or this device's own choice says, else what we know of the customer."""
    chosen = request.GET.get("lang", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    language = next((code for code in chosen if code in LANGUAGE_CODES), None) or match_language(known)
    translation.activate(language)
    request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
    return language
