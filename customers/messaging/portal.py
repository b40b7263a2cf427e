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
from customers.messaging.choices import Channel, ConsentSource, Topic
from customers.messaging.models import PreferenceToken

WORDING = "preferences-1"


# The token is the right: mail programs post here without cookies, hence without a CSRF token (RFC 8058).
@csrf_exempt
@access.public
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, or says what is done already; POST acts; both may come again and again."""
    link = preference_tokens.read(token, clock.now())
    if link is None:
        return _stale(request)
    _speak(request, link)
    if request.method != "POST":
        context = {**_context(link, token), "done": own.unsubscribed(link)}
        return render(request, "customers/messaging/unsubscribe.html", context)
    if request.POST.get("scope") == "topic":
        own.unsubscribe_topic(link=link, at=clock.now())
    else:
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        own.unsubscribe_all(
            link=link, source=ConsentSource.ONE_CLICK if one_click else ConsentSource.LINK, at=clock.now()
        )
    done = "topic" if request.POST.get("scope") == "topic" else "all"
    return render(request, "customers/messaging/unsubscribe.html", {**_context(link, token), "done": done})


@csrf_exempt
@access.public
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Topics by channel, as they stand; saving says so on the same page."""
    link = preference_tokens.read(token, clock.now())
    if link is None:
        return _stale(request)
    _speak(request, link)
    if request.method == "POST":
        pairs = (value.partition(".") for value in request.POST.getlist("wanted"))
        wanted = {(channel, topic) for channel, dot, topic in pairs if dot and "." not in topic}
        own.choose(link=link, wanted=wanted, at=clock.now(), wording=WORDING)
        return redirect(f"{request.path}?saved=1")
    person = preference_tokens.person(link)
    offered = own.channels_of(person)
    summary = [part for part in selectors.consent_summary(person) if part["channel"] in offered]
    context = {**_context(link, token), "saved": "saved" in request.GET, "parts": [_part(part) for part in summary]}
    return render(request, "customers/messaging/preferences.html", context)


def _part(part: dict) -> dict:
    stopped = bool(part["suppressed"])
    topics = [
        {
            "value": f"{part['channel']}.{row['topic']}",
            "label": row["topic"].label,
            "text": about(row["topic"]),
            "on": row["allowed"] and not stopped,
        }
        for row in part["topics"]
        if row["topic"] in own.TOPICS
    ]
    return {"label": part["channel"].label, "channel": part["channel"], "stopped": stopped, "topics": topics}


def about(topic: str) -> str:
    """What a topic brings, in a line."""
    return {
        Topic.CARE: _("Birthday wishes, reminders about your points, a word when we have not seen you for long."),
        Topic.PROMOTIONS: _("Offers and coupons."),
        Topic.SURVEYS: _("Short questions about how we did."),
        Topic.NEWS: _("New products and events."),
    }[Topic(topic)]


def _context(link: PreferenceToken, token: str) -> dict:
    topic = Topic(link.topic).label if link.topic in own.TOPICS else ""
    return {
        "token": token,
        "topic": topic,
        "channel": Channel(link.channel).label,
        "person": preference_tokens.person(link),
    }


def _speak(request: HttpRequest, link: PreferenceToken) -> None:
    htmx.speak(request, preference_tokens.person(link).language)


def _stale(request: HttpRequest) -> HttpResponse:
    return render(request, "customers/messaging/link_stale.html", status=404)
