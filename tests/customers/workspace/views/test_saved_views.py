"""Saved views: the tabs above the list."""

import pytest

from crm.kernel.ui.listing.models import SavedView

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


def test_view_keeps_filters_but_no_page(client_as, make_user):
    me = make_user("manager")
    client = client_as(me)

    answer = client.post("/customers/views/save/", {"name": "Quiet", "query": "quiet=60&cursor=abc&view=vw_1"})

    view = SavedView.objects.get()
    assert (view.query, view.shared, view.user) == ("quiet=60", False, me)
    assert answer.headers["Location"] == f"/customers/?quiet=60&view={view.public_id}"
    page = client.get(answer.headers["Location"])
    assert [(tab.name, tab.current) for tab in page.context["tabs"]] == [("Quiet", True)]


def test_saving_under_the_same_name_replaces(client_as):
    client = client_as("manager")
    for query in ("quiet=60", "quiet=90"):
        client.post("/customers/views/save/", {"name": "Quiet", "query": query})

    assert SavedView.objects.get().query == "quiet=90"


def test_shared_view_stands_with_everybody_and_only_its_owner_removes_it(client_as):
    me, other = client_as("manager"), client_as("sales")
    me.post("/customers/views/save/", {"name": "Quiet", "query": "quiet=60", "shared": "on"})
    view = SavedView.objects.get()

    assert [tab.name for tab in other.get("/customers/").context["tabs"]] == ["Quiet"]
    assert other.post(f"/customers/views/{view.public_id}/remove/").status_code == 404
    assert me.post(f"/customers/views/{view.public_id}/remove/").status_code == 302
    assert SavedView.objects.count() == 0


def test_sharing_needs_the_right_to(client_as):
    answer = client_as("sales").post("/customers/views/save/", {"name": "Quiet", "query": "", "shared": "on"})

    assert answer.status_code == 422
    assert SavedView.objects.count() == 0


def test_own_view_is_nobody_elses(client_as):
    client_as("manager").post("/customers/views/save/", {"name": "Quiet", "query": "quiet=60"})

    assert client_as("manager").get("/customers/").context["tabs"] == []
