"""Which customers a user sees, and what the database refuses of one."""

import pytest
from django.db import IntegrityError

from crm.kernel.time import clock
from customers.profiles.models import Customer

pytestmark = pytest.mark.django_db


def test_scope_decides_who_is_visible_and_merged_ones_never_are(make_customer, make_user, make_team):
    team = make_team("Shop")
    own, of_team, other = make_user("agent", scope="own"), make_user("agent", scope="team", team=team), make_user()
    ana, bo = make_customer("Ana", owner=own), make_customer("Bo", team=team)
    merged = make_customer("Cy", owner=own, team=team)
    Customer.objects.filter(pk=merged.pk).update(merged_into=ana)

    visible = [set(Customer.objects.visible_to(user)) for user in (own, of_team, other)]

    assert visible == [{ana}, {bo}, {ana, bo}]


def test_user_of_no_team_with_the_scope_of_a_team_sees_nobody(make_customer, make_user):
    make_customer()

    assert not Customer.objects.visible_to(make_user("agent", scope="team")).exists()


@pytest.mark.parametrize(
    "fields",
    [{"email": ""}, {"phone": ""}, {"phone": "12345"}, {"birth_month": 13, "birth_day": 1}],
)
def test_database_refuses_what_no_customer_can_have(fields):
    with pytest.raises(IntegrityError):
        Customer.objects.create(display_name="Ana", created_at=clock.now(), updated_at=clock.now(), **fields)
