"""What the API answers to requests that cannot be served: problem details, never a bare 500."""

import pytest
from django.db import OperationalError

from crm.kernel.api.services import create_api_key
from customers.profiles.models import Customer


@pytest.fixture
def headers(make_user):
    _key, secret = create_api_key(name="till", scopes=["customers:read", "customers:write"], by=make_user("admin"))
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.rule("PL-20")
def test_errors_are_problem_details(client, headers):
    missing = client.get("/api/v1/customers/nobody/", headers={**headers, "X-Request-ID": "from-outside-1"})
    wrong = client.post("/api/v1/customers/", {"email": "nope"}, content_type="application/json", headers=headers)

    assert missing["Content-Type"] == "application/problem+json"
    assert missing.json() == {
        "type": "client_error",
        "title": "Not found",
        "status": 404,
        "request_id": "from-outside-1",
        "errors": [{"code": "not_found", "detail": "Not found.", "attr": None}],
    }
    assert (wrong.json()["title"], wrong.json()["status"]) == ("Bad request", 400)
    assert [error["attr"] for error in wrong.json()["errors"]] == ["email"]


@pytest.mark.rule("PL-50")
@pytest.mark.parametrize("path", ["/api/v1/customers/", "/customers/"])
def test_while_the_database_is_away_the_answer_is_503(client_as, headers, monkeypatch, path):
    client = client_as("admin")
    client.raise_request_exception = False

    def away(*_args, **_more):
        raise OperationalError("the connection is gone")

    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", away)

    answer = client.get(path, headers=headers)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


@pytest.mark.rule("PL-51")
def test_body_that_is_too_large_or_too_deep_is_refused(client, headers, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

    large = client.post(
        "/api/v1/customers/", b'"' + b"x" * 1024 * 1024 + b'"', content_type="application/json", headers=headers
    )
    deep = client.post("/api/v1/customers/", b"[" * 100_000, content_type="application/json", headers=headers)

    assert (large.status_code, large.json()["errors"][0]["code"]) == (413, "too_large")
    assert (deep.status_code, deep.json()["errors"][0]["code"]) == (400, "parse_error")
    assert not Customer.objects.exists()


@pytest.mark.rule("PL-51")
def test_nul_character_in_an_address_names_nothing(client_as, headers):
    client = client_as("admin")

    for path in ("/customers/%00/", "/jobs/a%00b/", "/api/v1/customers/%00/", "/api/v1/orders/%00/"):
        assert client.get(path, headers=headers).status_code == 404
    wrong = client.get("/api/v1/customers/?search=a%00", headers=headers)
    assert wrong.status_code == 400
    assert wrong.json()["errors"] == [
        {"code": "invalid", "attr": "search", "detail": "NUL characters are not allowed."}
    ]
