"""Every answer carries a request id and leaves one line in the log."""

import re

import pytest
from structlog.testing import capture_logs

from crm.kernel.http import current_request

MADE_BY_US = re.compile(r"[0-9a-f]{16}")


def lines(visit):
    """The request lines that a visit leaves in the log."""
    with capture_logs() as logged:
        visit()
    return [line for line in logged if line["event"] == "request"]


@pytest.mark.rule("PL-52")
def test_every_answer_has_an_id_of_its_own(client):
    first, second = client.get("/healthz"), client.get("/healthz")

    assert MADE_BY_US.fullmatch(first["X-Request-ID"])
    assert MADE_BY_US.fullmatch(second["X-Request-ID"])
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.rule("PL-52")
@pytest.mark.parametrize("given", ["abcd1234", "A" * 64, "0f8fad5b-d9cb-469f-a165-70867728950e"])
def test_well_formed_id_from_outside_is_kept(client, given):
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.rule("PL-51", "PL-52")
@pytest.mark.parametrize(
    "given", ["short12", "A" * 65, "with space 1", 'quote"12345', "line\nbreak99", "客户客户客户客户"]
)
def test_other_id_from_outside_is_replaced(client, given):
    assert MADE_BY_US.fullmatch(client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"])


@pytest.mark.rule("PL-52")
def test_log_says_who_asked_for_what_and_how_it_went(client_as, make_user):
    user = make_user()
    client = client_as(user)

    (line,) = lines(lambda: client.get("/jobs/?secret=token"))

    took = line.pop("ms")
    assert isinstance(took, int)
    said = {"event": "request", "route": "kernel:job_list", "method": "GET", "status": 200, "user": user.pk}
    assert line == {**said, "log_level": "info"}


@pytest.mark.rule("PL-52")
def test_log_has_a_line_for_an_address_that_does_not_exist(client, db):
    (line,) = lines(lambda: client.get("/nowhere/"))

    assert (line["route"], line["status"], line["user"]) == (None, 404, None)


@pytest.mark.rule("PL-52")
@pytest.mark.django_db
def test_probes_leave_no_line(client):
    assert lines(lambda: (client.get("/healthz"), client.get("/readyz"))) == []


def test_nothing_of_a_request_is_left_after_it(client):
    before = current_request.get_current_request()

    client.get("/healthz")

    assert current_request.get_current_request() == before
