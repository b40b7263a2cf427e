"""The matrix of rights: a route without a row fails, and so does a route that does not keep to its row."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from crm.kernel.auth import access
from tests.house.matrix import PUBLIC, SIGNED_IN, Row, complaints, rows
from tests.house.routes import Route, routes

ROUTES = routes()
ROWS = rows()


@pytest.mark.rule("PL-10")
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_route_has_a_row(name):
    route = ROUTES[name]
    arguments = "permission=…" if not route.is_api else "scope=…"
    at = ", at=…" if route.missing else ""

    assert name in {row.route for row in ROWS}, (
        f"/{route.pattern} has no row: add Row({name!r}, {arguments}{at}) to tests/house/rights/{route.app}.py"
    )


def test_every_row_has_a_route():
    assert [str(row) for row in ROWS if row.route not in ROUTES] == []


@pytest.mark.rule("PL-10")
@pytest.mark.django_db
@pytest.mark.parametrize("row", [row for row in ROWS if row.route in ROUTES], ids=str)
def test_route_keeps_to_its_row(row):
    found = complaints(row, ROUTES[row.route])

    assert found == [], "\n".join(found)


# ── negative controls: the matrix must see a wrong view ──


@pytest.fixture
def url_of(settings, request):
    """Puts a view at an address of its own for the length of a test."""
    from types import ModuleType

    from django.urls import clear_url_caches, set_urlconf

    import crm.config.urls

    def put(view: Callable[..., HttpResponse]) -> Route:
        conf = ModuleType("planted_urls")
        conf.urlpatterns = [path("planted/<str:owner>/", view, name="planted"), *crm.config.urls.urlpatterns]
        for handler in ("handler403", "handler404"):
            setattr(conf, handler, getattr(crm.config.urls, handler))
        settings.ROOT_URLCONF = conf
        clear_url_caches()
        set_urlconf(None)
        return Route("planted", "planted/<str:owner>/", view, (("owner", "nobody"),))

    yield put
    clear_url_caches()


def found(url_of, view, permission="customers.view") -> list[str]:
    view.permissions = None if permission == PUBLIC else (permission,)
    view.__module__ = "crm.planted"
    row = Row("planted", permission=permission, at=lambda owner: {"owner": owner.name})
    return complaints(row, url_of(view))


@pytest.mark.rule("PL-10")
@pytest.mark.django_db
class TestTheMatrixSees:
    def test_a_view_that_is_right(self, url_of):
        @access.require_permissions("customers.view")
        def view(request: HttpRequest, owner: str) -> HttpResponse:
            visible = {"own": ["Me"], "team": ["Me", "Colleague"], "all": ["Me", "Colleague", "Stranger"]}
            if owner not in visible[request.user.scope]:
                raise Http404
            return HttpResponse("page")

        assert found(url_of, view) == []

    def test_a_view_that_forgot_the_permission(self, url_of):
        def view(request: HttpRequest, owner: str) -> HttpResponse:
            if owner != "Me":
                raise Http404
            return HttpResponse("page")

        seen = found(url_of, view)

        assert "a stranger gets 200 instead of the way to sign in" in seen
        assert "none, own: 200 instead of 403" in seen

    def test_a_view_that_forgot_the_scope(self, url_of):
        @access.require_permissions("customers.view")
        def view(request: HttpRequest, owner: str) -> HttpResponse:
            if owner == "nobody":
                raise Http404
            return HttpResponse("page")

        assert "sales, another team's: 200 instead of 404" in found(url_of, view)

    def test_a_view_that_tells_hidden_from_missing(self, url_of):
        @access.require_permissions("customers.view")
        def view(request: HttpRequest, owner: str) -> HttpResponse:
            if owner == "Stranger" and request.user.scope != "all":
                return HttpResponse("hidden", status=404)
            if owner == "nobody" or (owner == "Colleague" and request.user.scope == "own"):
                raise Http404
            return HttpResponse("page")

        assert "sales, another team's: not the same bytes as a missing one" in found(url_of, view)

    def test_a_view_that_refuses_everybody(self, url_of):
        @access.require_login
        def view(request: HttpRequest, owner: str) -> HttpResponse:
            raise PermissionDenied

        assert "admin, own: 403" in found(url_of, view)

    def test_a_view_that_asks_for_another_permission(self, url_of):
        row = Row("planted", permission=SIGNED_IN, at=lambda owner: {"owner": owner.name})

        @access.require_permissions("customers.view")
        def view(request: HttpRequest, owner: str) -> HttpResponse:
            return HttpResponse("page")

        view.__module__ = "crm.planted"

        assert "the view asks for ('customers.view',), the row for anybody of the staff" in complaints(
            row, url_of(view)
        )
