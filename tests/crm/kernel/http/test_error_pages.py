"""Error pages: a reference, the reader's language, no query."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from crm.kernel.http import error_pages


def visit(status, **headers):
    request = RequestFactory().get("/somewhere/", headers=headers)
    request.request_id = "0123456789abcdef"
    return error_pages.error_response(request, status)


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize("status", error_pages.ERROR_STATUSES)
@pytest.mark.parametrize(("tag", "lang"), [("en", "en"), ("zh-CN,zh;q=0.9", "zh-Hans"), ("zh-HK", "zh-Hant")])
def test_page_names_its_reference_without_a_database(status, tag, lang):
    response = visit(status, **{"Accept-Language": tag})

    text = response.content.decode()
    assert response.status_code == status
    assert f'lang="{lang}"' in text
    assert "0123456789abcdef" in text


def test_api_gets_problem_details():
    request = RequestFactory().get("/api/v1/nothing/")
    request.request_id = "0123456789abcdef"

    response = error_pages.page_not_found(request, Exception())

    assert response.headers["Content-Type"] == "application/problem+json"
    assert b'"request_id": "0123456789abcdef"' in response.content


def test_a_fallen_database_is_503_with_retry_after():
    request = RequestFactory().get("/")

    try:
        raise OperationalError("connection refused")
    except OperationalError:
        response = error_pages.server_error(request)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


def test_a_mistake_of_ours_is_500():
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        response = error_pages.server_error(RequestFactory().get("/"))

    assert (response.status_code, "Retry-After" in response.headers) == (500, False)


@pytest.mark.rule("PL-51")
def test_an_address_that_is_no_page_says_so_and_names_its_methods(client_as):
    response = client_as("admin").get("/customers/export/")

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "This address opens no page" in response.content.decode()


def test_who_is_no_member_of_the_staff_is_not_sent_to_an_administrator():
    assert "administrator" not in visit(500).content.decode()
