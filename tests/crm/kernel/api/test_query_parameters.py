"""What an address may ask of the API: what is not understood is refused by its name, never left out in silence."""

import pytest

from crm.kernel.api.scopes import SCOPES
from crm.kernel.api.services import create_api_key


@pytest.fixture
def get(client, make_user):
    _key, secret = create_api_key(name="till", scopes=SCOPES, by=make_user("admin"))
    return lambda path: client.get(path, headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.rule("PL-20", "PL-51")
@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("orders/?limit=abc", "limit"),
        ("orders/?limit=-1", "limit"),
        ("orders/?limit=0", "limit"),
        ("orders/?limit=", "limit"),
        ("orders/?limit=²", "limit"),
        ("orders/?page=2", "page"),
        ("orders/?numbr=A-1", "numbr"),
        ("orders/?customer=nobody", "customer"),
        ("tickets/?customer=nobody", "customer"),
        ("tickets/?state=lost", "state"),
        ("tickets/?status=open", "status"),
        ("customers/?q=lin", "q"),
        ("surveys/?kind=nps", "kind"),
        ("metrics/?start=2026-01-01&end=2026-02-01&days=30", "days"),
    ],
)
def test_what_is_not_understood_is_refused_by_its_name(get, path, named):
    answer = get(f"/api/v1/{path}")

    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == [named]


@pytest.mark.rule("PL-20")
def test_more_than_the_largest_page_is_the_largest_page(get, make_order, make_customer, monkeypatch):
    monkeypatch.setattr("crm.kernel.api.pagination.NewestFirstPagination.max_page_size", 2)
    customer = make_customer()
    for _n in range(3):
        make_order(customer)

    page = get("/api/v1/orders/?limit=9999").json()
    rest = get(page["next"]).json()

    assert (len(page["results"]), len(rest["results"])) == (2, 1)
