"""Customers' own pages, reached by the link in every mail: no sign-in, no cookies, in their language."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.kernel.auth import access
from crm.kernel.time import clock
from crm.kernel.ui import languages
from customers.messaging import preference_tokens, selectors
from customers.messaging import preferences as own_choices
from customers.messaging.choices import ConsentSource, MessageChannel, MessageTopic
from customers.messaging.consent import OPTIONAL_TOPICS
from customers.messaging.models import PreferenceToken

WORDING_VERSION = "preferences-1"


# The token is the right: mail programs post here without cookies, hence without a CSRF token (RFC 8058).
@csrf_exempt
@access.allow_anonymous
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, or says what has been unsubscribed already; POST unsubscribes; both may be repeated."""
    link = preference_tokens.find_valid_token(token, clock.now())
    if link is None:
        return _stale_link_page(request)
    _activate_language(request, link)
    if request.method != "POST":
        context = {**_page_context(link, token), "done": own_choices.unsubscribed_scope(link)}
        return render(request, "customers/messaging/unsubscribe.html", context)
    if request.POST.get("scope") == "topic":
        own_choices.unsubscribe_topic(link=link, at=clock.now())
    else:
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        own_choices.unsubscribe_all(
            link=link, source=ConsentSource.ONE_CLICK if one_click else ConsentSource.LINK, at=clock.now()
        )
    done = "topic" if request.POST.get("scope") == "topic" else "all"
    return render(request, "customers/messaging/unsubscribe.html", {**_page_context(link, token), "done": done})


@csrf_exempt
@access.allow_anonymous
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Choose topics per channel; saving says so on the same page."""
    link = preference_tokens.find_valid_token(token, clock.now())
    if link is None:
        return _stale_link_page(request)
    _activate_language(request, link)
    if request.method == "POST":
        pairs = (value.partition(".") for value in request.POST.getlist("wanted"))
        chosen = {(channel, topic) for channel, dot, topic in pairs if dot and "." not in topic}
        own_choices.choose_topics(link=link, chosen=chosen, at=clock.now(), wording=WORDING_VERSION)
        return redirect(f"{request.path}?saved=1")
    customer = preference_tokens.token_customer(link)
    offered = own_choices.reachable_channels(customer)
    summary = [entry for entry in selectors.consent_summary(customer) if entry["channel"] in offered]
    context = {
        **_page_context(link, token),
        "saved": "saved" in request.GET,
        "channels": [_channel_choices(entry) for entry in summary],
    }
    return render(request, "customers/messaging/preferences.html", context)


def _channel_choices(entry: dict[str, Any]) -> dict[str, Any]:
    is_suppressed = bool(entry["suppressed"])
    topics = [
        {
            "value": f"{entry['channel']}.{row['topic']}",
            "label": row["topic"].label,
            "description": topic_description(row["topic"]),
            "is_on": row["allowed"] and not is_suppressed,
        }
        for row in entry["topics"]
        if row["topic"] in OPTIONAL_TOPICS
    ]
    return {
        "label": entry["channel"].label,
        "channel": entry["channel"],
        "is_suppressed": is_suppressed,
        "topics": topics,
    }


def topic_description(topic: str) -> str:
    """What mail about a topic brings, in a line."""
    return {
        MessageTopic.CARE: _(
            "Birthday wishes, reminders about your points, a word when we have not seen you for long."
        ),
        MessageTopic.PROMOTIONS: _("Offers and coupons."),
        MessageTopic.SURVEYS: _("Short questions about how we did."),
        MessageTopic.NEWS: _("New products and events."),
    }[MessageTopic(topic)]


def _page_context(link: PreferenceToken, token: str) -> dict[str, Any]:
    topic = MessageTopic(link.topic).label if link.topic in OPTIONAL_TOPICS else ""
    return {
        "token": token,
        "topic": topic,
        "channel": MessageChannel(link.channel).label,
    }


def _activate_language(request: HttpRequest, link: PreferenceToken) -> None:
    languages.activate_customer_language(request, preference_tokens.token_customer(link).language)


def _stale_link_page(request: HttpRequest) -> HttpResponse:
    return render(request, "customers/messaging/link_stale.html", status=404)
