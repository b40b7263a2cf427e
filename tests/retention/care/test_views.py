"""Pages of care through HTTP: what they say, what they refuse."""

import html
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from crm.kernel import company
from crm.kernel.time import clock
from retention.care import extensions, planner, step_runner
from retention.care.models import CareProgram, Enrollment
from tests.house.care_examples import running

NO_ADDRESS = "Every care mail names the company's postal address, and none is set yet."
TEXTS = {
    f"{part}_{code}": f"{part} {{{{ name }}}}" for part in ("subject", "body") for code in ("en", "zh-hans", "zh-hant")
}


def url(name: str, program: CareProgram) -> str:
    return reverse(f"retention:{name}", args=[program.public_id])


def settings_of(**changes):
    """A whole settings form of the birthday programme."""
    return {"holdout_percent": 20, "send_hour": 10, "close_hour": 19, "catch_up_days": 1, "leap_day": "mar1", **changes}


@pytest.mark.rule("RC-7")
def test_every_number_opens_as_many_people(client_as, make_user):
    user = make_user("admin", scope="all")
    program = running(user, 16)
    client = client_as(user)
    sums = client.get(url("program", program)).context["reconciliation"]

    for outcome, count in sums.counts_by_outcome.items():
        page = client.get(url("program_customers", program), {"outcome": outcome})
        assert len(page.context["page"].rows) == count, outcome
    assert (sums.eligible, sums.adds_up) == (16, True)


@pytest.mark.rule("RC-8")
def test_settings_hold_for_who_enters_from_now_on(client_as, programs):
    program = programs["birthday"]

    answer = client_as("marketing").post(url("program_settings", program), settings_of())

    program = CareProgram.objects.get(pk=program.pk)
    assert answer.status_code == 302
    assert (program.holdout_share, program.current.number) == (Decimal("0.2"), 2)
    assert (program.settings.trigger.send_hour, program.settings.trigger.leap_day) == (10, "mar1")


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"holdout_percent": 51}, "holdout_percent"),
        ({"send_hour": 24}, "send_hour"),
        ({"close_hour": 9}, "close_hour"),
        ({"leap_day": "x"}, "leap_day"),
    ],
)
def test_wrong_settings_name_the_field_and_change_nothing(client_as, programs, wrong, field):
    program = programs["birthday"]

    answer = client_as("marketing").post(url("program_settings", program), settings_of(**wrong))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert CareProgram.objects.get(pk=program.pk).current.number == 1


@pytest.mark.rule("CU-47")
@pytest.mark.parametrize("text", ["{{ password }}", "{% include 'x' %}", "{{ name|upper }}", "{{ name"])
def test_texts_may_use_only_what_somebody_fills(client_as, programs, text):
    program = programs["birthday"]

    answer = client_as("marketing").post(url("program_texts", program), {**TEXTS, "body_zh-hans": text})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["body_zh-hans"]
    assert CareProgram.objects.get(pk=program.pk).current.number == 1


def test_texts_are_published_as_a_version(client_as, programs):
    answer = client_as("marketing").post(url("program_texts", programs["birthday"]), TEXTS)

    program = CareProgram.objects.get(pk=programs["birthday"].pk)
    assert (answer.status_code, program.current.number) == (302, 2)
    assert program.current.steps.get().texts["zh-hant"] == {"subject": "subject {{ name }}", "body": "body {{ name }}"}


@pytest.mark.rule("RC-6", "RC-8")
def test_start_shows_who_would_enter_and_the_smallest_effect(at, client_as, make_user, make_reader, programs):
    at("2026-03-10T10:00:00+08:00")
    user = make_user("admin", scope="all")
    for number in range(8):
        make_reader(f"Reader {number}", birthday=(3, 10), agrees=number > 2)
    client = client_as(user)

    page = client.get(url("program_start", programs["birthday"]))

    counts = page.context["dry_run"].counts
    assert (counts.eligible, counts.suppressed["no_consent"], counts.treated + counts.held_out) == (8, 3, 5)
    assert not Enrollment.objects.exists()
    answer = client.post(url("program_start", programs["birthday"]), {"smallest_effect": "2.5"})
    assert (answer.status_code, CareProgram.objects.get(key="birthday").smallest_effect) == (302, Decimal("0.025"))


@pytest.mark.rule("CU-46")
@pytest.mark.parametrize(("role", "may_set"), [("admin", True), ("marketing", False)])
def test_start_and_resume_without_an_address_say_where_to_set_it(client_as, programs, turn_on, role, may_set):
    off, paused = programs["birthday"], turn_on("lapsed-buyer")
    client = client_as(role, scope="all")
    client.post(url("program_pause", paused))
    company.change_settings(company.CompanySettings, {"postal_address": ""}, by=None)

    pages = [client.get(url("program", off)), client.get(url("program_start", off))]
    started = client.post(url("program_start", off), {"smallest_effect": "2.5"})
    client.post(url("program_resume", paused))
    resumed = client.get(url("program", paused))

    for page in (*pages, started, resumed):
        assert "postal address, and none is set yet" in html.unescape(page.content.decode())
        assert ('href="/settings/company/"' in page.content.decode().partition("eg-note warn")[2]) == may_set
    assert (started.status_code, [str(said) for said in resumed.context["messages"]]) == (422, [NO_ADDRESS])
    states = (
        CareProgram.objects.filter(key__in=["birthday", "lapsed-buyer"]).order_by("key").values_list("state", flat=True)
    )
    assert list(states) == ["off", "paused"]


def test_program_page_with_an_address_asks_for_none(client_as, programs):
    page = client_as("admin", scope="all").get(url("program", programs["birthday"]))

    assert b"none is set yet" not in page.content


def test_pause_resume_and_stop(client_as, turn_on, make_user):
    program, client = turn_on("birthday"), client_as(make_user("marketing"))

    states = []
    for move in ("pause", "resume", "pause", "stop"):
        client.post(url(f"program_{move}", program))
        states.append(CareProgram.objects.get(pk=program.pk).state)

    assert states == ["paused", "on", "paused", "off"]


@pytest.mark.rule("RC-8")
def test_test_goes_to_me_and_leaves_no_trace(client_as, make_user, make_reader, programs):
    make_reader("林嘉怡", language="zh-hans")
    user = make_user("marketing", scope="all")

    client_as(user).post(url("program_test", programs["birthday"]), {"language": "zh-hant"})

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([user.email], "Test: 林嘉怡，祝您生日快樂")
    assert "祝您生日快樂" in sent.body
    assert not Enrollment.objects.exists()


@pytest.mark.rule("RC-8")
def test_preview_is_in_each_language(client_as, make_user, make_reader, programs):
    make_reader("林嘉怡", language="zh-hans")
    client = client_as(make_user("marketing", scope="all"))

    shown = {
        code: client.get(url("program", programs["birthday"]), {"language": code}).context["preview"].subject
        for code in ("en", "zh-hans", "zh-hant")
    }

    assert shown == {
        "en": "Happy birthday, 林嘉怡",
        "zh-hans": "林嘉怡，祝您生日快乐",
        "zh-hant": "林嘉怡，祝您生日快樂",
    }


@pytest.mark.rule("RC-8")
def test_flow_speaks_the_language_of_its_reader_whatever_the_preview_speaks(
    client_as, make_user, make_reader, programs
):
    make_reader("林嘉怡", language="zh-hans")
    client = client_as(make_user("marketing", scope="all", language="en"))

    context = client.get(url("program", programs["birthday"])).context

    assert context["preview"].subject == "林嘉怡，祝您生日快乐"
    assert [box.title for box in context["boxes"] if box.kind == "send"] == ["Happy birthday, 林嘉怡"]


@pytest.mark.rule("RC-8")
def test_preview_is_for_any_customer_that_one_may_see(client_as, make_user, make_reader, programs):
    make_reader("林嘉怡")
    make_reader("Olivia Hartmann", given_name="Olivia")

    def see(user, who):
        return client_as(user).get(url("program", programs["birthday"]), {"language": "en", "customer": who})

    everybody, nobody = make_user("marketing", scope="all"), make_user("marketing", scope="own")

    assert see(everybody, "嘉怡").context["preview"].subject == "Happy birthday, 林嘉怡"
    assert see(everybody, "hartmann").context["preview"].subject == "Happy birthday, Olivia"
    assert see(nobody, "嘉怡").context["preview"].customer is None


@pytest.mark.rule("RC-7")
def test_customer_page_says_why_he_got_no_message(at, make_user, make_reader, turn_on):
    at("2026-03-10T10:00:00+08:00")
    silent = make_reader(birthday=(3, 10), agrees=False)
    turn_on("birthday")
    planner.plan_due_programs(clock.now())
    step_runner.run_due_steps(clock.now())

    shown = extensions.care_panel_context(silent, make_user("sales"))

    assert [(line["outcome"], line["why"]) for line in shown["entries"]] == [
        ("suppressed", "There is no consent for this channel and topic.")
    ]
    assert shown["against"] == ["There is no consent for this channel and topic."]


@pytest.mark.rule("RC-7")
def test_who_sees_own_customers_finds_only_these_in_a_programme(client_as, make_user):
    owner, other = make_user("sales", scope="own"), make_user("sales", scope="own")
    program = running(owner, 4)

    count = lambda user: len(client_as(user).get(url("program_customers", program)).context["page"].rows)  # noqa: E731

    assert (count(owner), count(other)) == (4, 0)
