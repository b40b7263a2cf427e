"""Settings in the browser: every group has a page with names, meanings and defaults; saving is checked and audited."""

import time
from contextlib import contextmanager

import pytest
from django.forms import BooleanField
from django.utils import translation

from crm.kernel import company
from crm.kernel.audit.models import AuditEntry
from crm.kernel.company import forms, settings_groups
from crm.kernel.company.models import Setting
from crm.kernel.http import current_request
from customers.messaging.policy import MessagingSettings

SAVED = {
    "name": "Shanlan Tea",
    "base_currency": "HKD",
    "time_zone": "Asia/Hong_Kong",
    "language": "zh-hant",
    "postal_address": "1 Queen's Road",
    "phone_region": "HK",
    "active_days": "180",
}


@pytest.mark.rule("PL-23")
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_group_and_setting_has_a_name(language):
    with translation.override(language):
        for name, group in settings_groups.registered_groups.items():
            assert group.title, name
            form = forms.build_settings_form(group, group())
            assert [field for field, bound in form.fields.items() if str(bound.label) == field] == []


@pytest.mark.rule("PL-23")
def test_settings_are_saved_and_audited(client_as, make_user):
    admin = make_user("admin")

    response = client_as(admin).post("/settings/company/", SAVED)

    saved = company.get_company()
    entry = AuditEntry.objects.get(action="settings.changed")
    assert response.status_code == 302
    assert (saved.name, saved.base_currency, saved.active_days) == ("Shanlan Tea", "HKD", 180)
    assert (entry.actor, entry.after["active_days"]) == (admin, 180)


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("field", "value"),
    [("active_days", "soon"), ("active_days", "-1"), ("base_currency", "XXX"), ("time_zone", "Mars"), ("name", "")],
)
def test_wrong_setting_is_refused_by_name(client_as, field, value):
    response = client_as("admin").post("/settings/company/", {**SAVED, field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert company.get_company() == company.CompanySettings()


def test_group_that_is_not_there_is_404(client_as):
    assert client_as("admin").get("/settings/moon/").status_code == 404


def test_every_switch_can_be_turned_off():
    for group in settings_groups.registered_groups.values():
        fields = forms.build_settings_form(group, group()).fields.values()

        assert [str(field.label) for field in fields if isinstance(field, BooleanField) and field.required] == []


def test_a_request_reads_all_settings_in_one_statement_and_the_next_request_reads_them_anew(
    db, django_assert_num_queries
):
    with request_at_hand(), django_assert_num_queries(1):
        before = [company.get_company().name for _ in range(3)]
        company.get_settings(MessagingSettings)

    Setting.objects.create(group="company", values={"name": "Changed by another process"})
    with request_at_hand():
        after = company.get_company().name

    assert before == ["Evergreen Store"] * 3
    assert after == "Changed by another process"


@contextmanager
def request_at_hand():
    token = current_request.enter_request(current_request.CurrentRequest("12345678", began_at=time.monotonic()))
    yield
    current_request.leave_request(token)
