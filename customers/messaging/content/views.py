"""Pages of message templates: the list, one template with a preview on a real customer, a test to oneself."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.kernel import company
from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.http import htmx
from crm.kernel.time import clock
from customers.messaging import selectors, services
from customers.messaging.choices import MessageChannel
from customers.messaging.content import mail_layout, template_catalog, template_language
from customers.messaging.forms import TemplateForm, TemplatePreviewForm
from customers.messaging.mailbox.views import sandboxed_response
from customers.profiles.models import Customer


@access.require_permissions("messages.view")
@require_safe
def message_template_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """All templates: those of the product, changed or not, and the company's own."""
    return render(request, "customers/messaging/message_template_list.html", {"rows": template_catalog.all_templates()})


@access.require_permissions("messages.view", "messages.send")
@require_http_methods(["GET", "HEAD", "POST"])
def message_template_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A template of the company's own."""
    form = TemplateForm(request.POST or None)
    if form.is_bound and form.is_valid():
        key = form.cleaned_data["key"]
        if template_catalog.has_template(key):
            form.add_error("key", _("There is a template of this key already."))
        elif saved := _save_template(request, form, key):
            return saved
    context = {
        "form": form,
        "language_fields": _language_fields(form),
        "standard": template_catalog.STANDARD_VARIABLES.items(),
        "key": "",
    }
    return render(request, "customers/messaging/message_template.html", context, status=422 if form.is_bound else 200)


@access.require_permissions("messages.view")
@require_safe
def message_template(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """One template's texts per language, with a preview."""
    definition = _get_definition_or_404(key)
    return _template_page(
        request,
        definition,
        TemplateForm(declared=key in template_catalog.declared_templates, initial=_initial_values(definition)),
    )


@access.require_permissions("messages.view", "messages.send")
@require_POST
def message_template_save(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """Save a new version of a template's texts."""
    definition = _get_definition_or_404(key)
    form = TemplateForm(request.POST, declared=key in template_catalog.declared_templates)
    if form.is_valid() and (saved := _save_template(request, form, key)):
        return saved
    return _template_page(request, definition, form, status=422)


@access.require_permissions("messages.view")
@require_http_methods(["GET", "HEAD", "POST"])
def message_template_preview(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """The saved text as a customer would get it, in a frame where nothing runs."""
    definition = _get_definition_or_404(key)
    customer, language = _preview_recipient(request, request.POST or request.GET)
    subject, body = services.filled_template(
        key=key, text=definition.texts.get(language, {}), customer=customer, language=language
    )
    has_agreed = selectors.has_agreed(customer.pk, MessageChannel.EMAIL.value, definition.topic)
    frame = mail_layout.mail_frame(
        language, definition.purpose, definition.topic, company.get_company(), has_agreed=has_agreed
    )
    html, _text = template_language.render_markdown(f"## {subject}\n\n{body}")
    return sandboxed_response(frame.around_html(html, subject=subject, token="…"))


@access.require_permissions("messages.view", "messages.send")
@require_POST
def message_template_test(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """Send the template as a customer would get it to oneself."""
    definition = _get_definition_or_404(key)
    customer, language = _preview_recipient(request, request.POST)
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
    request: AuthenticatedHttpRequest,
    definition: template_catalog.TemplateDefinition,
    form: TemplateForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "language_fields": _language_fields(form),
        "definition": definition,
        "key": definition.key,
        "standard": template_catalog.STANDARD_VARIABLES.items(),
        "variables": definition.variables.items(),
        "row": selectors.template_row(definition.key),
        "examples": selectors.preview_customers(request.user),
    }
    return render(request, "customers/messaging/message_template.html", context, status=status)


def _get_definition_or_404(key: str) -> template_catalog.TemplateDefinition:
    try:
        return template_catalog.get_template_definition(key)
    except template_catalog.UnknownTemplate as error:
        raise Http404 from error


def _save_template(request: AuthenticatedHttpRequest, form: TemplateForm, key: str) -> HttpResponse | None:
    fields = {name: form.cleaned_data.get(name, "") for name in ("name", "purpose", "topic")}
    try:
        services.save_template(key=key, texts=form.texts, at=clock.now(), by=request.user, **fields)
    except services.BadTemplateText as error:
        for code, problem in error.problems.items():
            form.add_error(f"body_{code}", problem)
        return None
    htmx.add_next_page_toast(request, _("The text is saved. It holds from the next message on."))
    return htmx.redirect_to(request, reverse("customers:message_template", args=[key]))


def _preview_recipient(request: AuthenticatedHttpRequest, params: Mapping[str, Any]) -> tuple[Customer, str]:
    form = TemplatePreviewForm(params)
    if not form.is_valid():
        raise Http404
    customer = selectors.get_preview_customer(form.cleaned_data["customer"], request.user)
    return customer or Customer(display_name=_("Olivia Hartmann"), given_name="Olivia"), form.cleaned_data["language"]


def _initial_values(definition: template_catalog.TemplateDefinition) -> dict[str, str]:
    values = {
        "key": definition.key,
        "name": str(definition.name),
        "purpose": definition.purpose,
        "topic": definition.topic,
    }
    for code, text in definition.texts.items():
        values |= {f"{part}_{code}": text.get(part, "") for part in ("subject", "body")}
    return values


def _language_fields(form: TemplateForm) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": name, "subject": form[f"subject_{code}"], "body": form[f"body_{code}"]}
        for code, name in settings.LANGUAGES
    ]
