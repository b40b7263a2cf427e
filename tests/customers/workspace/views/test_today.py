"""The page of the day."""

from datetime import date, timedelta

import pytest

from crm.kernel.time import clock
from customers.profiles import selectors, services
from customers.profiles.models import Task

pytestmark = pytest.mark.django_db


def test_tasks_stand_by_day_and_only_ones_own(make_customer, make_user, client_as):
    me, other, customer = make_user("sales", time_zone="Asia/Shanghai"), make_user("sales"), make_customer("Lin")
    today = clock.today("Asia/Shanghai")
    for title, owner, due in (
        ("late", me, today - timedelta(days=1)), ("due", me, today), ("later", me, today + timedelta(days=2)),
        ("some day", me, None), ("other's", other, today),
    ):  # fmt: skip
        services.create_task(customer=customer, title=title, owner=owner, due_on=due, at=clock.now())

    context = client_as(me).get("/today/").context

    assert [[task.title for task in context[key]] for key in ("late", "due", "later")] == [
        ["late"],
        ["due"],
        ["later", "some day"],
    ]


def test_an_empty_installation_says_the_first_steps_to_whom_may_take_them(make_customer, make_user, client_as):
    manager = client_as("admin")
    steps = ["/settings/company/", "/imports/new/", "/care/", "/settings/people/"]

    first = manager.get("/today/").content.decode()
    reader = client_as("readonly").get("/today/").content.decode()
    make_customer("Lin")
    then = manager.get("/today/").content.decode()

    assert [step for step in steps if f'class="eg-choice" href="{step}"' in first] == steps
    assert "eg-choice" not in reader
    assert "eg-choice" not in then


def test_finished_task_is_gone_and_told(make_customer, make_user, client_as):
    me, customer = make_user("sales"), make_customer("Lin")
    task = services.create_task(customer=customer, title="Call", owner=me, at=clock.now())
    client = client_as(me)

    assert client.post(f"/tasks/{task.public_id}/finish/", {"result": "Reached her"}).status_code == 204
    assert client.post(f"/tasks/{task.public_id}/finish/").status_code == 409

    task.refresh_from_db()
    assert (task.state, task.result) == ("done", "Reached her")
    entry = client.get(f"/customers/{customer.public_id}/").context["entries"][0]
    assert (entry.sentence, entry.quoted_text) == ("Task finished: Call", "Reached her")


def test_task_of_a_customer_out_of_scope_cannot_be_finished(make_customer, make_user, client_as):
    task = services.create_task(customer=make_customer("Lin"), title="Call", at=clock.now())

    assert client_as(make_user("sales", scope="own")).post(f"/tasks/{task.public_id}/finish/").status_code == 404
    assert Task.objects.get().state == "open"


@pytest.mark.rule("CU-1")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 28), ["Dec 28", "Jan 3"]),
        (date(2026, 2, 28), ["Feb 28", "Feb 29"]),
        (date(2028, 2, 28), ["Feb 28", "Feb 29"]),
        (date(2026, 3, 1), []),
    ],
)
def test_birthdays_of_the_coming_week_over_the_year_and_in_no_leap_year(day, expected, make_customer, make_user):
    for name, month, birth in (
        ("Dec 28", 12, 28),
        ("Jan 3", 1, 3),
        ("Jan 4", 1, 4),
        ("Feb 28", 2, 28),
        ("Feb 29", 2, 29),
    ):
        make_customer(name, birth_month=month, birth_day=birth)
    make_customer("Lunar", birth_month=12, birth_day=28, birthday_calendar="lunar")

    assert [person.display_name for person in selectors.customers_with_birthday(make_user("sales"), day)] == expected
