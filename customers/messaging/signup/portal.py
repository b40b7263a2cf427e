"""The public pages of signing up. They never say whether an address is known here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.kernel import company
from crm.kernel.auth import access, signed_links
from crm.kernel.http import current_request, rate_limits
from crm.kernel.time import clock
from crm.kernel.ui import languages
from customers.messaging.portal import topic_description
from customers.messaging.signup import services
from customers.messaging.signup.forms import SIGNUP_TOPICS, SignupForm
from customers.messaging.signup.services import SignupWish
from customers.messaging.signup.settings import SignupSettings

MAILS_PER_DAY = 3  # to one address: nobody's mailbox is filled by strangers
SIGNUPS_PER_HOUR_AND_NETWORK = 300  # a shop or an office shares one connection
DAY, HOUR = 86400, 3600


@access.allow_anonymous
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """The form; a posted one is confirmed by mail, or counts at once where the company wants that."""
    own = company.get_settings(SignupSettings)
    if not own.is_open:
        raise Http404
    form = SignupForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, 422 if form.is_bound else 200)
    if form.is_machine:
        return redirect(reverse("customers:sign_up") + "?asked=1")
    wish = _wish_of(request, form)
    if not _may_sign_up(wish.email):
        form.add_error(None, _("Too many requests at once. Please try again later."))
        return _form_page(request, form, 429)
    if own.is_confirmed_by_mail:
        services.send_confirmation(wish=wish)
        return redirect(reverse("customers:sign_up") + "?asked=1")
    services.complete_signup(wish=wish, at=clock.now(), is_confirmed=False)
    return redirect(reverse("customers:sign_up") + "?done=1")


@access.allow_anonymous
@never_cache
@csrf_exempt  # the signed address is the authority; mail programs open it without cookies
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """GET asks, so that programs that open every link of a mail agree to nothing; POST confirms, and may be repeated."""
    try:
        wish = services.read_wish(signed)
    except signed_links.BadSignedLink:
        return render(request, "customers/messaging/link_stale.html", status=404)
    languages.activate_customer_language(request, wish.language)
    if request.method == "POST":
        services.complete_signup(wish=wish, at=clock.now(), is_confirmed=True)
        return redirect(f"{request.path}?done=1")
    topics = [topic.label for topic in SIGNUP_TOPICS if topic in wish.topics]
    context = {"wish": wish, "topics": topics, "is_done": "done" in request.GET}
    return render(request, "customers/messaging/signup/confirm.html", context)


def _form_page(request: HttpRequest, form: SignupForm, status: int) -> HttpResponse:
    chosen = form["topics"].value() or []
    context = {
        "form": form,
        "topics": [
            {
                "value": topic.value,
                "label": topic.label,
                "description": topic_description(topic),
                "is_on": topic.value in chosen,
            }
            for topic in SIGNUP_TOPICS
        ],
        "is_asked": "asked" in request.GET,
        "is_done": "done" in request.GET,
    }
    return render(request, "customers/messaging/signup/sign_up.html", context, status=status)


def _wish_of(request: HttpRequest, form: SignupForm) -> SignupWish:
    values = form.cleaned_data
    language = request.LANGUAGE_CODE  # type: ignore[attr-defined]
    return SignupWish(values["email"], values["name"], language, tuple(values["topics"]), clock.now().isoformat())


def _may_sign_up(email: str) -> bool:
    network = rate_limits.address_network(current_request.get_current_request().ip)
    by_network = rate_limits.allow_attempt(
        "signup", f"network:{network}", times=SIGNUPS_PER_HOUR_AND_NETWORK, seconds=HOUR
    )
    return rate_limits.allow_attempt("signup", email.lower(), times=MAILS_PER_DAY, seconds=DAY) and by_network
