"""Where a request comes from, behind no, one or two proxies of ours."""

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from crm.kernel import company
from crm.kernel.api import throttling
from crm.kernel.audit.models import AuditEntry
from crm.kernel.http import client_address, rate_limits
from feedback.tickets.settings import TicketSettings

HELP = {"name": "Lin", "email": "lin@example.com", "subject": "Lid", "message": "Broken."}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.rule("PL-53")
@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),  # nobody of ours wrote that
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the left one is the client's invention
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),  # came past the outer proxy
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:DB8:0::1", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "unknown", "10.0.0.1"),
        (1, "203.0.113.9,", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_address_is_what_our_outermost_proxy_heard(settings, proxies, forwarded, address):
    settings.NUM_PROXIES = proxies

    assert client_address.get_client_address({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}) == address


def test_socket_in_a_folder_has_no_address(settings):
    settings.NUM_PROXIES = 0

    assert client_address.get_client_address({"REMOTE_ADDR": ""}) is None
    assert rate_limits.address_network(None) == ""


def test_network_is_what_one_connection_holds():
    assert rate_limits.address_network("203.0.113.9") == "203.0.113.9"
    assert (
        rate_limits.address_network("2001:db8::1") == rate_limits.address_network("2001:db8::ffff:2") == "2001:db8::/64"
    )
    assert rate_limits.address_network("2001:db8:0:1::1") == "2001:db8:0:1::/64"


def guess(address, count, first=0):
    """Wrong passwords for as many people; the last page."""
    client = Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": address})
    for number in range(first, first + count):
        page = client.post("/accounts/login/", {"login": f"{number}@staff.example", "password": "wrong"})
    return page.content.decode()


@pytest.mark.rule("PL-10")
@pytest.mark.parametrize("proxies", [0, 1])
def test_login_is_locked_per_client_and_not_per_proxy(db, settings, proxies):
    settings.NUM_PROXIES = proxies

    locked = guess("203.0.113.9", 11)
    other = guess("203.0.113.10", 1)

    assert "Too many failed" in locked
    assert ("Too many failed" in other) is (proxies == 0)  # without the setting the proxy locks everybody out


@pytest.mark.rule("PL-10")
def test_invented_entries_do_not_get_around_the_lock(db, settings):
    settings.NUM_PROXIES = 1

    pages = [guess(f"198.51.100.{number}, 203.0.113.9", 1, first=number) for number in range(11)]

    assert "Too many failed" not in pages[9]
    assert "Too many failed" in pages[10]


@pytest.mark.rule("PL-53")
def test_public_form_counts_per_client(db, settings):
    settings.NUM_PROXIES = 1
    company.change_settings(TicketSettings, {"requests_per_hour_and_network": 5}, by=None)

    def ask(number, address):
        sent = {**HELP, "email": f"a{number}@example.com"}
        return Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": address}).post("/help/", sent).status_code

    storm = [ask(number, f"2001:db8::{number}") for number in range(7)]

    assert (storm[4], storm[6]) == (302, 429)
    assert ask(9, "203.0.113.10") == 302


@pytest.mark.rule("PL-11")
def test_audit_names_the_client(make_user, client_as, settings):
    settings.NUM_PROXIES = 1
    client = client_as(make_user("admin"))

    client.post("/settings/teams/new/", {"name": "North"}, headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})

    assert AuditEntry.objects.get(action="teams.added").ip == "203.0.113.9"


def test_quotas_of_the_api_see_the_same_client(settings):
    settings.NUM_PROXIES = 1
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})

    assert throttling.ApiKeyThrottle().get_ident(request) == "203.0.113.9"
