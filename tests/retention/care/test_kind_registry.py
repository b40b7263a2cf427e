"""A new kind of trigger or of step is one module: dropped into its package, a programme with it works on every page."""

import sys
from pathlib import Path

import pytest
from django.urls import reverse

from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from customers.profiles.models import TimelineEntry
from retention.care import defaults, forecast, planner, services, step_runner, steps, triggers, version_settings
from retention.care.models import CareProgram, Enrollment
from retention.care.steps.base import STEP_KINDS
from retention.care.triggers.base import TRIGGER_KINDS

PLANTED_KINDS = Path(__file__).parent / "planted_kinds"


def _plant(monkeypatch, package, registry, folder):
    """Drop the modules of a folder into a package of kinds, until the test is over."""
    registry.all()
    for name in ("_kinds", "_is_loaded"):
        monkeypatch.setattr(registry, name, {**registry._kinds} if name == "_kinds" else False)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(PLANTED_KINDS / folder)])
    for module in (PLANTED_KINDS / folder).glob("*.py"):
        monkeypatch.delitem(sys.modules, f"{package.__name__}.{module.stem}", raising=False)
        monkeypatch.delattr(package, module.stem, raising=False)


@pytest.fixture
def planted_trigger(monkeypatch):
    _plant(monkeypatch, triggers, TRIGGER_KINDS, "triggers")
    return TRIGGER_KINDS.get("first_purchase")


@pytest.fixture
def planted_step(monkeypatch):
    """The planted step stands before the message of birthday programmes."""
    _plant(monkeypatch, steps, STEP_KINDS, "steps")
    monkeypatch.setattr(type(TRIGGER_KINDS.get("birthday")), "step_kinds", ("note", "message"))
    return STEP_KINDS.get("note")


def tick():
    """What the minute does."""
    planner.plan_due_programs(clock.now())
    step_runner.run_due_steps(clock.now())


def test_kinds_are_the_modules_of_their_package():
    for package, registry in ((triggers, TRIGGER_KINDS), (steps, STEP_KINDS)):
        modules = {path.stem for path in Path(package.__file__).parent.glob("*.py")} - {"__init__", "base"}
        assert {type(kind).__module__.rpartition(".")[2] for kind in registry.all()} == modules


def test_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        TRIGGER_KINDS.get("first_purchase")


def test_settings_of_a_step_begin_with_its_kind():
    for kind in STEP_KINDS.all():
        names = version_settings.parse_values(kind.settings_class, {}).__dataclass_fields__
        assert [name for name in names if not name.startswith(kind.kind)] == []


def test_planted_trigger_brings_a_programme_that_is_forecast_planned_and_run(
    planted_trigger, at, make_reader, make_order, turn_on
):
    at("2026-03-01T10:00:00+08:00")
    reader = make_reader("Olivia", language="en")
    make_order(reader)
    defaults.ensure_default_programs()
    assert (
        forecast.forecast_program(CareProgram.objects.get(key="first-purchase"), clock.now()).expected_enrollments == 1
    )
    turn_on("first-purchase", days_after=5)
    at("2026-03-06T08:00:00+08:00")
    tick()
    assert not Enrollment.objects.exists()

    at("2026-03-06T10:00:00+08:00")
    tick()
    tick()

    enrollment, message = Enrollment.objects.get(), OutboundMessage.objects.get()
    assert (enrollment.occasion_key, str(enrollment.occasion_on)) == ("first-purchase", "2026-03-06")
    assert (message.subject, message.text.splitlines()[0]) == (
        "Thank you, Olivia",
        "Your first order was on 1 Mar 2026.",
    )


def test_planted_trigger_stands_in_its_form_its_flow_and_the_list(planted_trigger, client_as, programs, make_user):
    defaults.ensure_default_programs()
    client, program = client_as("admin", scope="all"), CareProgram.objects.get(key="first-purchase")
    settings = {"holdout_percent": 10, "send_hour": 9, "close_hour": 20, "days_after": 7}

    answer = client.post(reverse("retention:program_settings", args=[program.public_id]), settings)
    page = client.get(reverse("retention:program", args=[program.public_id]))

    assert answer.status_code == 302
    assert list(page.context["form"].fields) == list(settings)
    assert page.context["boxes"][0].title == "7 days after the first purchase"
    assert "A thank-you after the first purchase" in client.get(reverse("retention:program_list")).content.decode()
    assert "first_day" in client.get(reverse("retention:program_texts", args=[program.public_id])).content.decode()


def test_planted_step_is_walked_before_the_message(planted_step, at, make_reader, programs, turn_on):
    at("2026-03-10T10:00:00+08:00")
    make_reader("Mei", birthday=(3, 10), language="en")
    make_reader("No", birthday=(3, 10), language="en")
    program = programs["birthday"]
    texts = {code: {"subject": "{{ note }}", "body": "{{ note }}"} for code in ("en", "zh-hans", "zh-hant")}
    services.publish_version(program=program, settings=program.settings, texts=texts, at=clock.now(), by=None)
    turn_on("birthday", note_text="Called")

    tick()

    assert list(TimelineEntry.objects.filter(kind="note").values_list("customer__display_name", "data__text")) == [
        ("Mei", "Called")
    ]
    assert OutboundMessage.objects.get().subject == "Called"
    rows = Enrollment.objects.order_by("pk").values_list("customer__display_name", "state", "reason", "position")
    assert list(rows) == [("Mei", "in_progress", "", 2), ("No", "exited", "said_no", 1)]


def test_planted_step_stands_in_form_and_flow(planted_step, client_as, programs):
    client, address = client_as("admin", scope="all"), [programs["birthday"].public_id]
    settings = {"holdout_percent": 10, "send_hour": 9, "close_hour": 20, "catch_up_days": 2, "leap_day": "feb28"}

    answer = client.post(reverse("retention:program_settings", args=address), {**settings, "note_text": "Rang"})
    page = client.get(reverse("retention:program", args=address))

    assert answer.status_code == 302
    assert list(page.context["form"].fields) == [*settings, "note_text"]
    assert [(box.kind, box.note) for box in page.context["boxes"]][3:4] == [("note", "Rang")]


def test_enrolment_goes_on_from_its_position(planted_step, at, make_reader, turn_on, programs):
    at("2026-03-10T10:00:00+08:00")
    make_reader("Mei", birthday=(3, 10))
    turn_on("birthday", note_text="Called")
    planner.plan_due_programs(clock.now())
    Enrollment.objects.update(position=2)

    step_runner.run_due_steps(clock.now())

    assert not TimelineEntry.objects.filter(kind="note").exists()
    assert (OutboundMessage.objects.count(), Enrollment.objects.get().position) == (1, 2)
