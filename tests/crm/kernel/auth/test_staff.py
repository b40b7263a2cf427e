"""An administrator's pages: adding people, changing rights, never losing the last administrator."""

import pytest
from django.test import Client

from crm.kernel.audit.models import AuditEntry
from crm.kernel.auth import services
from crm.kernel.auth.models import Team, User

NEW = {
    "name": "Ken Lau",
    "email": "Ken@staff.example",
    "role": "sales",
    "scope": "own",
    "team": "",
    "language": "zh-hant",
    "is_active": "on",
}


@pytest.mark.rule("PL-10")
def test_new_person_chooses_a_password_by_the_mailed_link(client_as, mailoutbox):
    response = client_as("admin").post("/settings/people/new/", NEW)

    ken = User.objects.get(email="ken@staff.example")
    (mail,) = mailoutbox
    link = next(line for line in mail.body.splitlines() if "/accounts/password/reset/key/" in line)
    stranger = Client()
    form = stranger.get(link, follow=True)
    stranger.post(form.request["PATH_INFO"], {"password1": "a new evergreen", "password2": "a new evergreen"})

    ken.refresh_from_db()
    assert response.status_code == 302
    assert (ken.role, ken.scope, ken.language, mail.to) == ("sales", "own", "zh-hant", ["ken@staff.example"])
    assert ken.check_password("a new evergreen")
    assert AuditEntry.objects.get(action="users.added").after["role"] == "sales"


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "KEN@STAFF.EXAMPLE"}, "email"),
        ({"email": "nonsense"}, "email"),
        ({"role": "emperor"}, "role"),
        ({"scope": "team"}, "team"),
        ({"name": ""}, "name"),
    ],
)
def test_wrong_field_is_named_and_nobody_is_added(client_as, make_user, change, field):
    make_user("sales", email="ken@staff.example")
    before = User.objects.count() + 1

    response = client_as("admin").post("/settings/people/new/", {**NEW, "email": "new@staff.example", **change})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert User.objects.count() == before


def test_person_closed_is_signed_out_at_once(client_as, make_user):
    ken = make_user("sales", name="Ken Lau")
    his = client_as(ken)
    before = his.get("/profile/").status_code

    sent = {**NEW, "email": ken.email}
    del sent["is_active"]
    client_as("admin").post(f"/settings/people/{ken.public_id}/", sent)

    assert (before, his.get("/profile/").status_code) == (200, 302)


def test_rights_changed_are_audited_with_before_and_after(make_user):
    admin, ken = make_user("admin"), make_user("sales", scope="own")

    services.change_user(user=ken, by=admin, role="manager", scope="own")

    entry = AuditEntry.objects.get(action="users.changed")
    assert (entry.before, entry.after, entry.actor) == ({"role": "sales"}, {"role": "manager"}, admin)


@pytest.mark.parametrize("change", [{"role": "manager"}, {"is_active": False}])
def test_last_administrator_stays(make_user, change):
    admin = make_user("admin")

    with pytest.raises(services.LastAdministrator):
        services.change_user(user=admin, by=admin, **change)

    assert User.objects.get(pk=admin.pk).role == "admin"
    assert User.objects.get(pk=admin.pk).is_active
    assert not AuditEntry.objects.filter(action="users.changed").exists()


def test_one_of_two_administrators_may_go(make_user):
    admin, other = make_user("admin"), make_user("admin")

    services.change_user(user=other, by=admin, role="manager")

    assert User.objects.get(pk=other.pk).role == "manager"


def test_team_is_added_once(client_as):
    client = client_as("admin")

    client.post("/settings/teams/new/", {"name": "East"})
    client.post("/settings/teams/new/", {"name": "East"})

    assert [team.name for team in Team.objects.all()] == ["East"]
