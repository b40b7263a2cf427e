"""Pages of the mailbox: the mail of a development installation, as its recipients would see it."""

from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.http import htmx
from customers.messaging.mailbox import mail_files

SANDBOX_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
PAGE_SIZE = 50


def embedded_only(view: access.ViewFunction) -> access.ViewFunction:
    """404 where mail goes to a real mail server."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.EMBEDDED_MAILBOX:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@embedded_only
@access.require_permissions("mailbox.view")
def mailbox(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The newest mails; search by recipient or subject."""
    search, before = request.GET.get("q", "")[:200], request.GET.get("before", "")[:40]
    mails = mail_files.newest_mails(search, limit=PAGE_SIZE + 1, before=before)
    context = {
        "mails": mails[:PAGE_SIZE],
        "search": search,
        "next": mails[PAGE_SIZE - 1].name if len(mails) > PAGE_SIZE else "",
    }
    return htmx.render_page_or_partial(request, "customers/messaging/mailbox.html", context, partial="rows")


@embedded_only
@access.require_permissions("mailbox.view")
def mailbox_message(request: AuthenticatedHttpRequest, name: str) -> HttpResponse:
    """One mail: headers, text part, HTML part in a frame of its own."""
    return render(request, "customers/messaging/mailbox_message.html", {"mail": _get_mail_or_404(name)})


@embedded_only
@access.require_permissions("mailbox.view")
def mailbox_html(request: AuthenticatedHttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, where nothing runs and nothing is fetched."""
    return sandboxed_response(_get_mail_or_404(name).html)


def sandboxed_response(html: str) -> HttpResponse:
    """HTML of a mail under a policy that allows it styles and images, and no script or request."""
    return HttpResponse(html, headers={"Content-Security-Policy": SANDBOX_POLICY})


def _get_mail_or_404(name: str) -> mail_files.StoredMail:
    mail = mail_files.find_mail(name)
    if mail is None:
        raise Http404
    return mail
