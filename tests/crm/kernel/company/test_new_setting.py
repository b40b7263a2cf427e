"""docs/checklists/add-a-setting.md, followed: a group of settings, planted as one module."""

import importlib.util
from datetime import date, time
from decimal import Decimal

import pytest

from crm.kernel import company
from crm.kernel.audit.models import AuditEntry
from crm.kernel.company import settings_groups
from crm.kernel.company.models import Setting

MODULE = """
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from crm.kernel import company


@dataclass(frozen=True)
class TeaRoomSettings:
    title = "Tea room"
    note = "When tea is served."
    icon = "cup-hot"

    serves: bool = company.setting_field(True, "Serves tea")
    seats: int = company.setting_field(12, "Seats", "At small tables.")
    price: Decimal = company.setting_field(Decimal("3.50"), "Price of a pot")
    opens: time = company.setting_field(time(14), "Opens at")
    opened_on: date = company.setting_field(date(2020, 5, 1), "Opened on")
    motto: str = company.setting_field("", "Motto")


company.register_settings("tea_room", TeaRoomSettings)
"""
PAGE = "/settings/tea_room/"
POSTED = {"seats": "20", "price": "4.25", "opens": "15:30", "opened_on": "2021-06-02", "motto": "Slowly"}


@pytest.fixture
def tea_room(db, tmp_path, monkeypatch):
    """The group as if its module were the `settings.py` of an area."""
    monkeypatch.setattr(settings_groups, "registered_groups", dict(settings_groups.registered_groups))
    path = tmp_path / "settings.py"
    path.write_text(MODULE)
    spec = importlib.util.spec_from_file_location("tea_room_settings", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.TeaRoomSettings


def test_new_group_is_listed_and_has_a_page_with_its_defaults(tea_room, client_as):
    admin = client_as("admin")

    settings_list = admin.get("/settings/").content.decode()
    form = admin.get(PAGE).context["form"]

    assert f'href="{PAGE}"' in settings_list
    assert "Tea room" in settings_list
    assert "When tea is served." in settings_list
    assert (form.initial["seats"], form.fields["seats"].help_text) == (12, "At small tables. Default: 12.")
    assert company.get_settings(tea_room) == tea_room()


def test_saved_values_are_read_typed_and_audited(tea_room, client_as):
    response = client_as("admin").post(PAGE, POSTED)

    assert (response.status_code, response.url) == (302, PAGE)
    assert company.get_settings(tea_room) == tea_room(
        serves=False, seats=20, price=Decimal("4.25"), opens=time(15, 30), opened_on=date(2021, 6, 2), motto="Slowly"
    )
    entry = AuditEntry.objects.get(action="settings.changed")
    assert (entry.after["group"], entry.after["seats"]) == ("tea_room", 20)


def test_value_of_another_type_is_refused_and_nothing_is_saved(tea_room, client_as):
    response = client_as("admin").post(PAGE, {**POSTED, "opens": "at noon"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["opens"]
    assert not Setting.objects.filter(group="tea_room").exists()
