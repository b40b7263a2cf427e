"""Reads of profiles: duplicates, tasks and birthdays, each within the scope of the user."""

from datetime import date

import pytest

from crm.kernel.time import clock
from customers.profiles import selectors, services

pytestmark = pytest.mark.django_db


def test_duplicates_share_an_address_in_any_case_or_a_phone(make_customer):
    ana = make_customer("Ana", email="Ana@shop.example")
    bo = make_customer("Bo", phone="+8613812342217")
    make_customer("Cy")

    assert selectors.possible_duplicates(email="ANA@shop.example", phone="+8613812342217") == [ana, bo]
    assert selectors.possible_duplicates(email="ana@shop.example", phone=None, exclude=ana) == []
    assert selectors.possible_duplicates(email=None, phone=None) == []


def test_tasks_come_soonest_first_and_are_seen_within_the_scope_only(make_customer, make_user):
    user, colleague = make_user("agent", scope="own"), make_user("agent", scope="own")
    customer = make_customer(owner=user)
    later, sooner = (
        services.create_task(customer=customer, title="Call", at=clock.now(), owner=user, due_on=date(2026, 3, day))
        for day in (9, 2)
    )

    assert list(selectors.open_tasks_of_owner(user)) == selectors.open_tasks(customer) == [sooner, later]
    assert selectors.get_visible_task(user, later.public_id) == later
    assert selectors.get_visible_task(colleague, later.public_id) is None


def test_birthdays_of_the_week_come_by_day_and_29_february_on_the_28th_of_other_years(make_customer, make_user):
    leap = make_customer("Leap", birth_month=2, birth_day=29)
    march = make_customer("March", birth_month=3, birth_day=1)
    make_customer("April", birth_month=4, birth_day=1)
    make_customer("Lunar", birth_month=3, birth_day=1, birthday_calendar="lunar")
    user = make_user()

    assert selectors.customers_with_birthday(user, date(2026, 2, 26)) == [leap, march]
    assert selectors.customers_with_birthday(user, date(2028, 2, 26), days=3) == []


def test_visible_customers_are_those_of_the_users_scope(make_customer, make_user):
    user = make_user("agent", scope="own")
    own, other = make_customer("Ana", owner=user), make_customer("Bo")

    assert selectors.visible_customers_among(user, [own, other]) == {own}
