"""Every page of the product stands in the gallery, answers, and asks the database for no more than it may."""

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, path

from crm.kernel.auth.models import Team, User
from tests.house.gallery import LIST, QUERIES_AT_MOST, Page, not_pages, pages, person, session_of
from tests.house.matrix import rows
from tests.house.routes import routes

# No part of the page: who asks (session and user), the tests' own savepoints, and what is asked once a minute.
OVERHEAD = (
    "django_session",
    "SAVEPOINT",
    'FROM "kernel_user" WHERE "kernel_user"."id" =',
    "SELECT clock_timestamp()",
    "reltuples",
)
ROWS_OF_A_LIST = 30


@pytest.mark.rule("PL-40")
@pytest.mark.parametrize("name", sorted({row.route for row in rows() if row.method == "get"} & routes().keys()))
def test_every_page_stands_in_the_gallery(name):
    route = routes()[name]
    known = {page.route for page in pages()} | not_pages().keys()

    assert route.is_api or name in known, (
        f"/{route.pattern} is in no gallery: add Page({name!r}{', at=…' if route.missing else ''}) to "
        f"tests/house/pages/{route.app}.py, or name it in NOT_PAGES there and say what it is"
    )


def test_the_gallery_names_only_routes():
    assert sorted(({page.route for page in pages()} | not_pages().keys()) - routes().keys()) == []


def queries(client: Client, url: str) -> list[str]:
    """The statements that a page needs, without what finds out who asks."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200, f"{url}: {response.status_code} {response.headers.get('Location', '')}"
    statements = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in statements if not any(part in sql for part in OVERHEAD)]


def visit(page: Page) -> tuple[User, Client]:
    visitor = person("admin" if page.is_public else page.by, Team.objects.create(name="Gallery"))
    client = Client()
    return visitor, client


def excess(page: Page) -> str:
    """What is wrong with a page's queries, or nothing."""
    visitor, client = visit(page)
    url = page.url(visitor)
    if key := session_of(page, visitor):
        client.cookies[settings.SESSION_COOKIE_NAME] = key
    if page.more:
        page.more(visitor, 1)
    queries(client, url)  # fills what is cached per process
    few = queries(client, url)
    if len(few) > QUERIES_AT_MOST[page.kind]:
        return "\n".join([f"{len(few)} queries, at most {QUERIES_AT_MOST[page.kind]}", *few])
    if page.more:
        page.more(visitor, ROWS_OF_A_LIST - 1)
        many = queries(client, url)
        if len(many) > len(few):
            return "\n".join([f"{len(few)} queries with 1 row, {len(many)} with {ROWS_OF_A_LIST}", *many])
    return ""


@pytest.mark.rule("PL-41")
@pytest.mark.django_db
@pytest.mark.parametrize("shown", pages(), ids=str)
def test_page_asks_the_database_little_however_many_rows(shown):
    found = excess(shown)

    assert found == "", found


# ── negative control ──


@pytest.fixture
def planted(settings):
    """A list of teams that asks once more for every row."""
    from types import ModuleType

    import crm.config.urls

    def view(request: HttpRequest) -> HttpResponse:
        names = [Team.objects.get(pk=pk).name for pk in Team.objects.values_list("pk", flat=True)]
        return HttpResponse(", ".join(names))

    conf = ModuleType("planted_urls")
    conf.urlpatterns = [path("planted/", view, name="planted"), *crm.config.urls.urlpatterns]
    settings.ROOT_URLCONF = conf
    clear_url_caches()
    yield Page("planted", more=lambda owner, count: [Team.objects.create(name=f"{count}-{n}") for n in range(count)])
    clear_url_caches()


@pytest.mark.rule("PL-41")
@pytest.mark.django_db
def test_a_query_for_every_row_is_seen(planted):
    assert planted.kind == LIST
    assert excess(planted).startswith(f"3 queries with 1 row, {ROWS_OF_A_LIST + 2} with {ROWS_OF_A_LIST}")
