"""Texts of messages: the list, one template with a preview on a real customer, a test to oneself."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.kernel import company
from crm.kernel.auth import access
from crm.kernel.http import htmx
from crm.kernel.time import clock
from customers.messaging import selectors, services
from customers.messaging.choices import Channel
from customers.messaging.content import mail_layout, template_catalog, template_language
from customers.messaging.forms import TemplateForm, TryForm
from customers.messaging.mailbox.views import sandboxed
from customers.messaging.models import MessageTemplate
from customers.profiles.models import Customer


@access.require("messages.view")
@require_safe
def message_template_list(request: HttpRequest) -> HttpResponse:
    """All templates: those of the product, changed or not, and the company's own."""
    return render(request, "customers/messaging/message_template_list.html", {"rows": template_catalog.catalogue()})


@access.require("messages.view", "messages.send")
@require_http_methods(["GET", "HEAD", "POST"])
def message_template_new(request: HttpRequest) -> HttpResponse:
    """A template of the company's own."""
    form = TemplateForm(request.POST or None)
    if form.is_bound and form.is_valid():
        key = form.cleaned_data["key"]
        if key in template_catalog.definitions or MessageTemplate.objects.filter(key=key).exists():
            form.add_error("key", _("There is a template of this key already."))
        elif saved := _save(request, form, key):
            return saved
    context = {"form": form, "languages_of": _pairs(form), "standard": template_catalog.STANDARD.items(), "key": ""}
    return render(request, "customers/messaging/message_template.html", context, status=422 if form.is_bound else 200)


@access.require("messages.view")
@require_safe
def message_template(request: HttpRequest, key: str) -> HttpResponse:
    """One template's texts per language, with a preview."""
    definition = _definition(key)
    return _page(
        request, definition, TemplateForm(declared=key in template_catalog.definitions, initial=_initial(definition))
    )


@access.require("messages.view", "messages.send")
@require_POST
def message_template_save(request: HttpRequest, key: str) -> HttpResponse:
    """A new version of its texts."""
    definition = _definition(key)
    form = TemplateForm(request.POST, declared=key in template_catalog.definitions)
    if form.is_valid() and (saved := _save(request, form, key)):
        return saved
    return _page(request, definition, form, status=422)


@access.require("messages.view")
@require_http_methods(["GET", "HEAD", "POST"])
def message_template_preview(request: HttpRequest, key: str) -> HttpResponse:
    """The saved text as a customer would get it, in a frame where nothing runs."""
    definition, (customer, language) = _definition(key), _reader(request, request.POST or request.GET)
    subject, body = services.filled(
        key=key, text=definition.texts.get(language, {}), customer=customer, language=language
    )
    agreed = selectors.agreed(customer.pk, Channel.EMAIL.value, definition.topic)
    frame = mail_layout.frame(language, definition.purpose, definition.topic, company.get(), agreed=agreed)
    return sandboxed(
        frame.around_html(template_language.render_once(f"## {subject}\n\n{body}")[0], subject=subject, token="…")
    )


@access.require("messages.view", "messages.send")
@require_POST
def message_template_test(request: HttpRequest, key: str) -> HttpResponse:
    """Send it to oneself."""
    definition, (customer, language) = _definition(key), _reader(request, request.POST)
    if customer._state.adding:
        htmx.later_toast(request, _("Choose a customer whose values the test shows."))
        return htmx.redirect(request, reverse("customers:message_template", args=[key]))
    text = definition.texts.get(language) or template_catalog.text_of(definition, language)
    services.send_test(key=key, texts=text, customer=customer, language=language, at=clock.now(), by=request.user)
    htmx.later_toast(request, _("A test is on its way to %(address)s.") % {"address": request.user.email})
    return htmx.redirect(request, reverse("customers:message_template", args=[key]))


def _page(
    request: HttpRequest, definition: template_catalog.Definition, form: TemplateForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "languages_of": _pairs(form),
        "definition": definition,
        "key": definition.key,
        "standard": template_catalog.STANDARD.items(),
        "variables": definition.variables.items(),
        "row": MessageTemplate.objects.filter(key=definition.key).select_related("changed_by").first(),
        "examples": Customer.objects.visible_to(request.user).current().order_by("-created_at", "-id")[:20],
    }
    return render(request, "customers/messaging/message_template.html", context, status=status)


def _definition(key: str) -> template_catalog.Definition:
    try:
        return template_catalog.get(key)
    except template_catalog.UnknownTemplate as error:
        raise Http404 from error


def _save(request: HttpRequest, form: TemplateForm, key: str) -> HttpResponse | None:
    about = {name: form.cleaned_data.get(name, "") for name in ("name", "purpose", "topic")}
    try:
        services.save_template(key=key, texts=form.texts, at=clock.now(), by=request.user, **about)
    except services.BadText as error:
        for code, problem in error.problems.items():
            form.add_error(f"body_{code}", problem)
        return None
    htmx.later_toast(request, _("The text is saved. It holds from the next message on."))
    return htmx.redirect(request, reverse("customers:message_template", args=[key]))


def _reader(request: HttpRequest, asked: Mapping[str, Any]) -> tuple[Customer, str]:
    form = TryForm(asked)
    if not form.is_valid():
        raise Http404
    people = Customer.objects.visible_to(request.user)
    wanted = form.cleaned_data["customer"]
    customer = people.filter(public_id=wanted).first() if wanted else None
    return customer or Customer(display_name=_("Olivia Hartmann"), given_name="Olivia"), form.cleaned_data["language"]


def _initial(definition: template_catalog.Definition) -> dict[str, str]:
    found = {
        "key": definition.key,
        "name": str(definition.name),
        "purpose": definition.purpose,
        "topic": definition.topic,
    }
    for code, text in definition.texts.items():
        found |= {f"{part}_{code}": text.get(part, "") for part in ("subject", "body")}
    return found


def _pairs(form: TemplateForm) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": name, "subject": form[f"subject_{code}"], "body": form[f"body_{code}"]}
        for code, name in settings.LANGUAGES
    ]
