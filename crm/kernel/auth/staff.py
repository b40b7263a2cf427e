"""People of the company: who may sign in, what they may do, which teams there are."""

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.kernel.auth import access, services
from crm.kernel.auth.forms import TeamForm, UserForm
from crm.kernel.auth.models import Team, User


@access.require_permissions("users.manage")
@require_safe
def user_list(request: HttpRequest) -> HttpResponse:
    """Everybody, those who may sign in first."""
    people = User.objects.select_related("team").order_by("-is_active", "name", "pk")
    context = {"people": people, "teams": Team.objects.order_by("name"), "form": TeamForm()}
    return render(request, "kernel/people/user_list.html", context)


@access.require_permissions("users.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def user_new(request: HttpRequest) -> HttpResponse:
    """Add somebody; a link to choose a password goes out by mail."""
    form = UserForm(request.POST or None, initial={"language": request.user.language})  # type: ignore[union-attr]
    if request.method == "POST" and form.is_valid():
        user = services.add_user(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        _send_password_link(request, user)
        return redirect("kernel:user_list")
    return _user_form_page(request, form)


@access.require_permissions("users.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def user(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change somebody's name, address and rights."""
    found = get_object_or_404(User, public_id=public_id)
    form = UserForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_user(user=found, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except services.LastAdministrator as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s saved.") % {"name": found.name})
            return redirect("kernel:user_list")
    return _user_form_page(request, form, found)


@access.require_permissions("users.manage")
@require_POST
def user_link(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send somebody a new link to choose a password."""
    _send_password_link(request, get_object_or_404(User, public_id=public_id))
    return redirect("kernel:user", public_id)


@access.require_permissions("users.manage")
@require_POST
def team_new(request: HttpRequest) -> HttpResponse:
    """Add a team."""
    form = TeamForm(request.POST)
    if form.is_valid():
        services.add_team(name=form.cleaned_data["name"], by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Team %(name)s added.") % {"name": form.cleaned_data["name"]})
    else:
        messages.error(request, " ".join(map(str, form.errors.get("name", []))))
    return redirect("kernel:user_list")


def _user_form_page(request: HttpRequest, form: UserForm, user: User | None = None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "kernel/people/user.html", {"form": form, "person": user}, status=status)


def _send_password_link(request: HttpRequest, user: User) -> None:
    """The mail may fail; the person is there all the same, and the page says what happened."""
    form = ResetPasswordForm({"email": user.email})
    try:
        form.is_valid()
        form.save(request)
    except OSError:
        text = _("%(name)s is added, but the mail could not be sent. Send the link again later.")
        messages.warning(request, text % {"name": user.name})
    else:
        messages.success(request, _("%(email)s gets a link to choose a password.") % {"email": user.email})
