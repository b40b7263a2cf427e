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
from customers.messaging.choices import MessageChannel
from customers.messaging.content import mail_layout, template_catalog, template_language
from customers.messaging.forms import TemplateForm, TemplatePreviewForm
from customers.messaging.mailbox.views import sandboxed_response
from customers.messaging.models import MessageTemplate
from customers.profiles.models import Customer


@access.require_permissions("messages.view")
@require_safe
def message_template_list(request: HttpRequest) -> HttpResponse:
    """All templates: those of the product, changed or not, and the company's own."""
    return render(request, "customers/messaging/message_template_list.html", {"rows": template_catalog.all_templates()})


@access.require_permissions("messages.view", "messages.send")
@require_http_methods(["GET", "HEAD", "POST"])
def message_template_new(request: HttpRequest) -> HttpResponse:
    """A template of the company's own."""
    form = TemplateForm(request.POST or None)
    if form.is_bound and form.is_valid():
        key = form.cleaned_data["key"]
        if key in template_catalog.declared_templates or MessageTemplate.objects.filter(key=key).exists():
            form.add_error("key", _("There is a template of this key already."))
        elif saved := _save_template(request, form, key):
            return saved
    context = {
        "form": form,
        "languages_of": _language_fields(form),
        "standard": template_catalog.STANDARD_VARIABLES.items(),
        "key": "",
    }
    return render(request, "customers/messaging/message_template.html", context, status=422 if form.is_bound else 200)


@access.require_permissions("messages.view")
@require_safe
def message_template(request: HttpRequest, key: str) -> HttpResponse:
    """One template's texts per language, with a preview."""
    definition = _get_definition_or_404(key)
    return _template_page(
        request,
        definition,
        TemplateForm(declared=key in template_catalog.declared_templates, initial=_initial_values(definition)),
    )


@access.require_permissions("messages.view", "messages.send")
@require_POST
def message_template_save(request: HttpRequest, key: str) -> HttpResponse:
    """A new version of its texts."""
    definition = _get_definition_or_404(key)
    form = TemplateForm(request.POST, declared=key in template_catalog.declared_templates)
    if form.is_valid() and (saved := _save_template(request, form, key)):
        return saved
    return _template_page(request, definition, form, status=422)


@access.require_permissions("messages.view")
@require_http_methods(["GET", "HEAD", "POST"])
def message_template_preview(request: HttpRequest, key: str) -> HttpResponse:
    """The saved text as a customer would get it, in a frame where nothing runs."""
    definition, (customer, language) = (
        _get_definition_or_404(key),
        _preview_recipient(request, request.POST or request.GET),
    )
    subject, body = services.filled_template(
        key=key, text=definition.texts.get(language, {}), customer=customer, language=language
    )
    agreed = selectors.has_agreed(customer.pk, MessageChannel.EMAIL.value, definition.topic)
    frame = mail_layout.mail_frame(language, definition.purpose, definition.topic, company.get_company(), agreed=agreed)
    return sandboxed_response(
        frame.around_html(template_language.render_markdown(f"## {subject}\n\n{body}")[0], subject=subject, token="…")
    )


@access.require_permissions("messages.view", "messages.send")
@require_POST
def message_template_test(request: HttpRequest, key: str) -> HttpResponse:
    """Send it to oneself."""
    definition, (customer, language) = _get_definition_or_404(key), _preview_recipient(request, request.POST)
    if customer._state.adding:
        htmx.add_next_page_toast(request, _("Choose a customer whose values the test shows."))
        return htmx.redirect_to(request, reverse("customers:message_template", args=[key]))
    text = definition.texts.get(language) or template_catalog.template_text(definition, language)
    services.send_test_message(
        key=key, texts=text, customer=customer, language=language, at=clock.now(), by=request.user
    )
    htmx.add_next_page_toast(request, _("A test is on its way to %(address)s.") % {"address": request.user.email})
    return htmx.redirect_to(request, reverse("customers:message_template", args=[key]))


def _template_page(
    request: HttpRequest, definition: template_catalog.TemplateDefinition, form: TemplateForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "languages_of": _language_fields(form),
        "definition": definition,
        "key": definition.key,
        "standard": template_catalog.STANDARD_VARIABLES.items(),
        "variables": definition.variables.items(),
        "row": MessageTemplate.objects.filter(key=definition.key).select_related("changed_by").first(),
        "examples": Customer.objects.visible_to(request.user).current().order_by("-created_at", "-id")[:20],
    }
    return render(request, "customers/messaging/message_template.html", context, status=status)


def _get_definition_or_404(key: str) -> template_catalog.TemplateDefinition:
    try:
        return template_catalog.get_template_definition(key)
    except template_catalog.UnknownTemplate as error:
        raise Http404 from error


def _save_template(request: HttpRequest, form: TemplateForm, key: str) -> HttpResponse | None:
    about = {name: form.cleaned_data.get(name, "") for name in ("name", "purpose", "topic")}
    try:
        services.save_template(key=key, texts=form.texts, at=clock.now(), by=request.user, **about)
    except services.BadTemplateText as error:
        for code, problem in error.problems.items():
            form.add_error(f"body_{code}", problem)
        return None
    htmx.add_next_page_toast(request, _("The text is saved. It holds from the next message on."))
    return htmx.redirect_to(request, reverse("customers:message_template", args=[key]))


def _preview_recipient(request: HttpRequest, asked: Mapping[str, Any]) -> tuple[Customer, str]:
    form = TemplatePreviewForm(asked)
    if not form.is_valid():
        raise Http404
    people = Customer.objects.visible_to(request.user)
    wanted = form.cleaned_data["customer"]
    customer = people.filter(public_id=wanted).first() if wanted else None
    return customer or Customer(display_name=_("Olivia Hartmann"), given_name="Olivia"), form.cleaned_data["language"]


def _initial_values(definition: template_catalog.TemplateDefinition) -> dict[str, str]:
    found = {
        "key": definition.key,
        "name": str(definition.name),
        "purpose": definition.purpose,
        "topic": definition.topic,
    }
    for code, text in definition.texts.items():
        found |= {f"{part}_{code}": text.get(part, "") for part in ("subject", "body")}
    return found


def _language_fields(form: TemplateForm) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": name, "subject": form[f"subject_{code}"], "body": form[f"body_{code}"]}
        for code, name in settings.LANGUAGES
    ]
