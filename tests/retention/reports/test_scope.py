"""Numbers and the lists behind them, for every role and record scope: they agree, or the number is no link."""

import re
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve, reverse

from crm.kernel.auth import permissions
from crm.kernel.auth.choices import RecordScope, StaffRole
from crm.kernel.auth.models import Team, User
from feedback.surveys.models import Survey
from tests.house import care_examples
from tests.house.examples import customers as examples
from tests.house.pages.retention import late_customers
from tests.house.rights import feedback, loyalty
from tests.markup import read_markup

PEOPLE = {"own": 2, "team": 4, "all": 6}
EVERYBODY = list(product(StaffRole.values, RecordScope.values))
SAID = "Figures without a link are of the whole company"
RECORD_OR_POINTS = r"^/customers/cu_|[?&]ends="
LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture
def pages(db: None) -> dict[str, str]:
    """The pages with figures; two late members with an answer are of each: me, a colleague, somebody elsewhere."""
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
    owners = [_person("me", north), _person("colleague", north), _person("stranger", south)]
    for owner in owners:
        late_customers(owner, PEOPLE["own"])
        for _each in range(PEOPLE["own"]):
            loyalty.member_of(owner)
            feedback.answered_survey_of(owner)
            order = examples.order(owner)
        program = care_examples.program_of(owner)["public_id"]
    return {
        "dashboard": reverse("retention:dashboard"),
        "at risk": reverse("retention:at_risk_list"),
        "programmes": reverse("retention:program_list"),
        "programme": reverse("retention:program", args=[program]),
        "care log": reverse("retention:program_log", args=[program]),
        "loyalty": reverse("loyalty:overview"),
        "survey": reverse("feedback:survey", args=[Survey.objects.get(key="nps").public_id]),
        "product": reverse("customers:product", args=[order.lines.get().product.public_id]),
    }


def _person(name: str, team: Team) -> User:
    return User.objects.create(email=f"{name}@staff.example", name=name, team=team, role="admin")


def _as(role: str, scope: str) -> Client:
    User.objects.filter(name="me").update(role=role, scope=scope)
    client = Client()
    client.force_login(User.objects.get(name="me"))
    return client


def _seen(client: Client, pages: dict[str, str]) -> dict[str, str]:
    """What of the pages opens to somebody: the part that differs from page to page."""
    answers = {name: client.get(url) for name, url in pages.items()}
    assert {answer.status_code for answer in answers.values()} <= {200, 403}
    return {
        name: read_markup(answer).split('id="main"')[1].split("</main>")[0]
        for name, answer in answers.items()
        if answer.status_code == 200
    }


def _links(page: str) -> set[tuple[str, str]]:
    """Where the links of a page lead, and what they say."""
    found = {(unescape(url), " ".join(re.sub(r"<[^>]+>", " ", text).split())) for url, text in LINK.findall(page)}
    return {(url, text) for url, text in found if url.startswith("/")}


def _rows(client: Client, url: str) -> int:
    page = client.get(url).content.decode().split('id="list"')[-1]
    return page.split("<tbody>")[1].count("<tr") if "<tbody>" in page else 0


@pytest.mark.rule("PL-10")
def test_every_link_opens_to_who_sees_it(pages: dict[str, str]) -> None:
    shut = [
        (role, scope, name, url)
        for role, scope in EVERYBODY
        for client in [_as(role, scope)]
        for name, page in _seen(client, pages).items()
        for url in {url for url, _text in _links(page)}
        if not _is_open(client, role, url)
    ]

    assert shut == []


def _is_open(client: Client, role: str, url: str) -> bool:
    """The role may open the page, and the record is inside the scope."""
    found = resolve(urlsplit(url).path)
    is_allowed = set(found.func.permissions or ()) <= permissions.PERMISSIONS_BY_ROLE[role]  # type: ignore[attr-defined]
    return is_allowed and (not found.kwargs or client.get(url).status_code == 200)


@pytest.mark.rule("RM-7")
@pytest.mark.parametrize("scope", RecordScope.values)
def test_number_that_is_a_link_is_the_count_of_its_list(pages: dict[str, str], scope: str) -> None:
    client = _as("readonly", scope)
    said: dict[tuple[str, str], set[int]] = {}
    for name, page in _seen(client, pages).items():
        for url, text in _links(page):
            if re.fullmatch(r"(\D+ )?[\d,]+", text) and not re.search(RECORD_OR_POINTS, url):
                said.setdefault((name, url), set()).add(int(text.split()[-1].replace(",", "")))

    wrong = [(where, numbers, n) for where, numbers in said.items() if (n := _rows(client, where[1])) not in numbers]

    assert wrong == []
    assert len(said) > (30 if scope == RecordScope.ALL else 3)


@pytest.mark.rule("RM-7")
@pytest.mark.parametrize("scope", RecordScope.values)
def test_people_at_risk_are_counted_as_they_are_listed(pages: dict[str, str], scope: str) -> None:
    client = _as("sales", scope)

    seen = _seen(client, pages)

    assert f"{PEOPLE[scope]} people" in seen["dashboard"]
    assert f'eg-kpi-value">{PEOPLE[scope]}<' in seen["at risk"]
    assert _rows(client, pages["at risk"]) == PEOPLE[scope]


@pytest.mark.rule("PL-10")
@pytest.mark.parametrize("scope", RecordScope.values)
def test_who_may_see_no_customers_reads_the_count_at_risk_and_no_name(pages: dict[str, str], scope: str) -> None:
    seen: dict[str, Any] = _seen(_as("product", scope), pages)

    assert seen.keys() == {"dashboard", "survey"}
    assert f"{PEOPLE['all']} people" in seen["dashboard"]
    assert [name for name, page in seen.items() if "林嘉怡" in page] == []
