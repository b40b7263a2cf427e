"""While the database is away a request gets 503 with Retry-After; any other mistake stays one."""

import pytest
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from structlog.testing import capture_logs

from crm.kernel.background.jobs import selectors


@pytest.fixture
def visit(client_as, monkeypatch):
    """Opens a page whose view fails with an error; the failures that reached the server come with the answer."""
    client = client_as("admin")
    client.raise_request_exception = False

    def open_page(error):
        def fail(request):
            raise error

        reached = []
        monkeypatch.setattr(selectors, "newest_own_jobs", fail)
        note = lambda **_about: reached.append(error)  # noqa: E731
        got_request_exception.connect(note)
        try:
            return client.get("/jobs/"), reached
        finally:
            got_request_exception.disconnect(note)

    return open_page


@pytest.mark.rule("PL-50")
@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_fallen_database_is_answered_and_logged_as_such(visit, error):
    with capture_logs() as logged:
        answer, reached = visit(error)

    assert (answer.status_code, answer["Retry-After"], reached) == (503, "5", [])
    said = {"event": "database_unavailable", "error": type(error).__name__, "log_level": "error"}
    assert said in logged


def test_mistake_of_ours_is_no_fallen_database(visit):
    error = ZeroDivisionError()

    answer, reached = visit(error)

    assert (answer.status_code, reached) == (500, [error])
    assert "Retry-After" not in answer
