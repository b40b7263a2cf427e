"""Keys of other programs on their settings page: shown once, revoked by name, both audited."""

from django.test import Client

from crm.kernel.api.models import ApiKey
from crm.kernel.api.services import create_api_key
from crm.kernel.audit.models import AuditEntry


def test_new_key_is_shown_once_and_opens_the_api(client_as):
    client = client_as("admin")

    page = client.post("/settings/keys/new/", {"name": "Web shop", "scopes": ["customers:read"]})
    secret = page.context["secret"]

    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert secret not in client.get("/settings/keys/").content.decode()
    answer = Client().get("/api/v1/customers/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert AuditEntry.objects.filter(action="api_key.created").count() == 1


def test_key_without_a_scope_or_with_an_unknown_one_is_not_made(client_as):
    client = client_as("admin")

    without = client.post("/settings/keys/new/", {"name": "Web shop"})
    unknown = client.post("/settings/keys/new/", {"name": "Web shop", "scopes": ["everything"]})

    assert (without.status_code, unknown.status_code) == (422, 422)
    assert "Choose at least one." in without.content.decode()
    assert not ApiKey.objects.exists()


def test_key_is_revoked_only_by_its_own_name(client_as, make_user):
    admin = make_user("admin")
    key, secret = create_api_key(name="Till", scopes=["customers:read"], by=admin)
    client, url = client_as(admin), f"/settings/keys/{key.public_id}/revoke/"

    refused = client.post(url, {"name": "Web shop"})
    key.refresh_from_db()
    before = key.revoked_at
    done = client.post(url, {"name": "Till"})
    client.post(url, {"name": "Till"})

    assert (refused.status_code, before, done.status_code) == (422, None, 302)
    answer = Client().get("/api/v1/customers/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1
