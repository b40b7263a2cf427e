"""Customers' own pages, by the link in every mail: no sign-in, no cookies, in their language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.kernel.auth import access
from crm.kernel.http import htmx
from crm.kernel.time import clock
from customers.messaging import preference_tokens, selectors
from customers.messaging import preferences as own
from customers.messaging.choices import ConsentSource, MessageChannel, MessageTopic
from customers.messaging.models import PreferenceToken

WORDING_VERSION = "preferences-1"


# The token is the right: mail programs post here without cookies, hence without a CSRF token (RFC 8058).
@csrf_exempt
@access.allow_anonymous
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, or says what is done already; POST acts; both may come again and again."""
    link = preference_tokens.find_valid_token(token, clock.now())
    if link is None:
        return _stale_link_page(request)
    _activate_language(request, link)
    if request.method != "POST":
        context = {**_page_context(link, token), "done": own.unsubscribed_scope(link)}
        return render(request, "customers/messaging/unsubscribe.html", context)
    if request.POST.get("scope") == "topic":
        own.unsubscribe_topic(link=link, at=clock.now())
    else:
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        own.unsubscribe_all(
            link=link, source=ConsentSource.ONE_CLICK if one_click else ConsentSource.LINK, at=clock.now()
        )
    done = "topic" if request.POST.get("scope") == "topic" else "all"
    return render(request, "customers/messaging/unsubscribe.html", {**_page_context(link, token), "done": done})


@csrf_exempt
@access.allow_anonymous
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Topics by channel, as they stand; saving says so on the same page."""
    link = preference_tokens.find_valid_token(token, clock.now())
    if link is None:
        return _stale_link_page(request)
    _activate_language(request, link)
    if request.method == "POST":
        pairs = (value.partition(".") for value in request.POST.getlist("wanted"))
        wanted = {(channel, topic) for channel, dot, topic in pairs if dot and "." not in topic}
        own.choose_topics(link=link, wanted=wanted, at=clock.now(), wording=WORDING_VERSION)
        return redirect(f"{request.path}?saved=1")
    person = preference_tokens.token_customer(link)
    offered = own.reachable_channels(person)
    summary = [part for part in selectors.consent_summary(person) if part["channel"] in offered]
    context = {
        **_page_context(link, token),
        "saved": "saved" in request.GET,
        "parts": [_channel_choices(part) for part in summary],
    }
    return render(request, "customers/messaging/preferences.html", context)


def _channel_choices(part: dict) -> dict:
    stopped = bool(part["suppressed"])
    topics = [
        {
            "value": f"{part['channel']}.{row['topic']}",
            "label": row["topic"].label,
            "text": topic_description(row["topic"]),
            "on": row["allowed"] and not stopped,
        }
        for row in part["topics"]
        if row["topic"] in own.OFFERED_TOPICS
    ]
    return {"label": part["channel"].label, "channel": part["channel"], "stopped": stopped, "topics": topics}


def topic_description(topic: str) -> str:
    """What a topic brings, in a line."""
    return {
        MessageTopic.CARE: _(
            "Birthday wishes, reminders about your points, a word when we have not seen you for long."
        ),
        MessageTopic.PROMOTIONS: _("Offers and coupons."),
        MessageTopic.SURVEYS: _("Short questions about how we did."),
        MessageTopic.NEWS: _("New products and events."),
    }[MessageTopic(topic)]


def _page_context(link: PreferenceToken, token: str) -> dict:
    topic = MessageTopic(link.topic).label if link.topic in own.OFFERED_TOPICS else ""
    return {
        "token": token,
        "topic": topic,
        "channel": MessageChannel(link.channel).label,
        "person": preference_tokens.token_customer(link),
    }


def _activate_language(request: HttpRequest, link: PreferenceToken) -> None:
    htmx.activate_customer_language(request, preference_tokens.token_customer(link).language)


def _stale_link_page(request: HttpRequest) -> HttpResponse:
    return render(request, "customers/messaging/link_stale.html", status=404)
