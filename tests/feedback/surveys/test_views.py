"""The staff's pages of surveys."""

import pytest

from crm.kernel.background.jobs import job_runner
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.messaging import consent
from feedback.surveys.models import Invitation, Response, Survey


@pytest.fixture
def manager(client_as):
    return client_as("manager")


def test_the_page_says_score_n_and_interval(manager, make_response):
    for score in [10] * 5 + [8] * 3 + [2] * 2:
        make_response(score)
    nps = Survey.objects.get(key="nps")

    page = manager.get(f"/surveys/{nps.public_id}/").content.decode()

    assert "+30" in page
    assert "−18.4 … +78.4" in page
    assert "Fewer than 30" in page


def test_every_count_opens_the_people_behind_it(manager, make_response):
    bad, good = make_response(2), make_response(10)
    nps = Survey.objects.get(key="nps")
    today = clock.today("Asia/Shanghai")
    query = f"behind=survey&survey={nps.public_id}&start={today}&end={today.replace(year=today.year + 1)}"

    detractors = manager.get(f"/customers/?{query}&group=detractor").content.decode()
    tens = manager.get(f"/customers/?{query}&score=10").content.decode()

    assert bad.customer.public_id in detractors
    assert good.customer.public_id not in detractors
    assert good.customer.public_id in tens


@pytest.mark.parametrize("bad", ["survey=sv_none", "group=angry", "score=11", "start=x", "end=2020-01-01"])
def test_a_bad_drill_down_is_refused_with_words(manager, surveys, bad):
    query = {"behind": "survey", "survey": surveys["nps"].public_id, "start": "2026-03-01", "end": "2026-04-01"}
    name, _equals, value = bad.partition("=")

    assert manager.get("/customers/", {**query, name: value}).status_code == 400


def test_texts_are_changed_in_one_language(manager, surveys):
    nps = surveys["nps"]
    page = manager.get(f"/surveys/{nps.public_id}/texts/?in=zh-hans")
    words = {name: field.initial or "" for name, field in page.context["form"].fields.items()}

    answer = manager.post(f"/surveys/{nps.public_id}/texts/?in=zh-hans", {**words, "title": "推荐吗"})

    nps.refresh_from_db()
    assert answer.status_code == 302
    assert (nps.titles["zh-hans"], nps.titles["en"]) == ("推荐吗", "Recommendation")


def test_an_empty_question_is_refused(manager, surveys):
    assert manager.post(f"/surveys/{surveys['nps'].public_id}/texts/", {"title": ""}).status_code == 422


def test_named_customers_are_asked(manager, surveys, make_customer):
    customer = make_customer(email="a@example.com")
    consent.give_consent(customer=customer, channel="email", topics=["surveys"], source="staff", at=clock.now())

    page = manager.post(f"/surveys/{surveys['nps'].public_id}/send/", {"who": "list", "customers": "a@example.com\n"})

    assert "1 customer asked" in page.content.decode()
    assert Invitation.objects.get().customer == customer


def test_links_are_shown_once_for_handing_over(manager, surveys, make_customer, client):
    customer = make_customer()

    page = manager.post(
        f"/surveys/{surveys['nps'].public_id}/send/", {"who": "list", "customers": customer.public_id, "by_link": "on"}
    )

    (_person, address) = page.context["links"][0]
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"who": "list"},
        {"who": "list", "customers": "nobody@example.com"},
        {"who": "buyers", "bought_days": "0"},
        {"who": "all"},
    ],
)
def test_nobody_is_asked_by_a_bad_form(manager, surveys, sent):
    assert manager.post(f"/surveys/{surveys['nps'].public_id}/send/", sent).status_code == 422
    assert not Invitation.objects.exists()


def test_buyers_are_asked_by_a_job(manager, surveys, make_customer, make_order):
    buyer, other = make_customer(email="b@example.com"), make_customer(email="o@example.com")
    for person in (buyer, other):
        consent.give_consent(customer=person, channel="email", topics=["surveys"], source="staff", at=clock.now())
    make_order(buyer)

    manager.post(f"/surveys/{surveys['nps'].public_id}/send/", {"who": "buyers", "bought_days": "30"})
    job_runner.run_waiting_jobs(clock.now())

    assert Job.objects.get().result == {"customers": 1, "invited": 1, "withheld": {}}
    assert Invitation.objects.get().customer == buyer


@pytest.mark.rule("S52")
def test_an_answer_by_phone_names_who_wrote_it(client_as, make_user, surveys, make_customer):
    agent, customer = make_user("service"), make_customer(email="a@example.com")

    client_as(agent).post(
        f"/surveys/{surveys['nps'].public_id}/phone/", {"customer": "a@example.com", "score": "4", "call": "c1"}
    )

    response = Response.objects.get()
    assert (response.customer, response.channel, response.staff, response.score) == (customer, "phone", agent, 4)


@pytest.mark.rule("CU-31")
def test_answers_are_exported_without_formulas(manager, make_response):
    response = make_response(3, text="=HYPERLINK(1)")
    nps = Survey.objects.get(key="nps")

    manager.post(f"/surveys/{nps.public_id}/export/", {"days": "365"})
    job_runner.run_waiting_jobs(clock.now())

    job = Job.objects.get()
    lines = job.file.read().decode("utf-8-sig").splitlines()
    assert (job.state, len(lines)) == ("done", 2)
    assert response.customer.public_id in lines[1]
    assert ",'=HYPERLINK(1)," in lines[1]


def test_a_survey_of_ones_own_begins_with_a_template(manager, surveys):
    manager.post("/surveys/new/", {"template": "csat", "title": "Store visit"})

    made = Survey.objects.get(key="")
    assert (made.title, made.kind, made.questions.count()) == ("Store visit", "csat", 3)


def test_the_preview_speaks_every_language_and_keeps_nothing(manager, surveys):
    for language, words in (("en", "recommend"), ("zh-hans", "推荐给朋友"), ("zh-hant", "推薦給朋友")):
        assert words in manager.get(f"/surveys/{surveys['nps'].public_id}/preview/?lang={language}").content.decode()
    assert not Invitation.objects.exists()


def test_the_preview_tells_us_in_our_language_that_nothing_is_kept(client_as, surveys):
    page = client_as("manager", language="zh-hant").get(f"/surveys/{surveys['nps'].public_id}/preview/?lang=en")

    assert '<p class="eg-note" lang="zh-Hant">' in page.content.decode()
    assert "預覽：" in page.content.decode()


def test_words_of_customers_outside_the_scope_are_not_shown(client_as, make_team, make_response, make_customer):
    team = make_team("North")
    make_response(2, make_customer("Mine", team=team), text="my words")
    make_response(2, make_customer("Theirs"), text="their words")
    nps = Survey.objects.get(key="nps")

    page = client_as("service", scope="team", team=team).get(f"/surveys/{nps.public_id}/").content.decode()

    assert "my words" in page
    assert "their words" not in page


@pytest.mark.rule("PL-10")
def test_who_may_not_see_customers_reads_answers_without_names(client_as, make_response, make_customer):
    answer = make_response(2, make_customer("Olivia Hartmann"), text="The lid leaks.")
    page = client_as("product").get(f"/surveys/{answer.survey.public_id}/").content.decode()

    assert "The lid leaks." in page
    assert "Olivia" not in page
    assert "/customers/" not in page


@pytest.mark.rule("RM-7")
def test_who_sees_some_customers_gets_figures_without_lists(client_as, make_response):
    answer = make_response(2)
    page = client_as("sales", scope="own").get(f"/surveys/{answer.survey.public_id}/").content.decode()

    assert "behind=survey" not in page
    assert "Figures without a link are of the whole company" in page
