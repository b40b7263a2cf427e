"""Settings in typed groups with defaults; every area may bring its own."""

import dataclasses
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext_lazy as _

from crm.kernel import audit
from crm.kernel.company.models import Setting
from crm.kernel.db import sql_rows
from crm.kernel.http.request_memo import RequestMemo
from crm.kernel.time import clock

if TYPE_CHECKING:
    from crm.kernel.auth.models import User

T = TypeVar("T")


def setting_field(default: Any, label: Any, meaning: Any = "") -> Any:
    """A field of a settings group: its default, its name and its meaning on the settings page."""
    return field(default=default, metadata={"label": label, "meaning": meaning})


@dataclass(frozen=True)
class CompanySettings:
    """Who we are: what mails, pages and reports say of the company."""

    title = _("Company")
    note = _("Name, address, currency, time zone, and when a customer counts as active.")
    icon = "building"
    name: str = setting_field("Evergreen Store", _("Company name"), _("Shown to customers."))
    base_currency: str = setting_field("CNY", _("Base currency"), _("Reports are in this currency."))
    time_zone: str = setting_field("Asia/Shanghai", _("Time zone"), _("Days of reports and programmes begin here."))
    language: str = setting_field("en", _("Language"), _("For customers whose language is not known."))
    postal_address: str = setting_field(
        "", _("Postal address"), _("Stands in every marketing mail; no care programme starts without it.")
    )
    phone_region: str = setting_field("CN", _("Region of phone numbers"), _("For numbers without a country code."))
    active_days: int = setting_field(
        365, _("Active days"), _("A customer who bought within so many days counts as active.")
    )


registered_groups: dict[str, type] = {"company": CompanySettings}


def register_settings(name: str, group: type) -> None:
    """Add an area's own frozen dataclass of settings."""
    registered_groups[name] = group


def group_title(group: type) -> str:
    """A group's name on the settings page: its `title`."""
    return str(getattr(group, "title", group.__name__))


def group_note(group: type) -> str:
    """A line on what the group holds: its `note`."""
    return str(getattr(group, "note", ""))


def get_company() -> CompanySettings:
    """The company itself."""
    return get_settings(CompanySettings)


def get_settings(group: type[T]) -> T:
    """The saved values of a group over its defaults, as they stood when the request began."""
    return _saved_settings().get_group(group)


def change_settings(group: type[T], values: dict[str, Any], *, by: "User | None") -> T:
    """Save some values of a group; audited with before and after."""
    name = _group_name(group)
    row, _created = Setting.objects.get_or_create(group=name)
    before = {key: row.values.get(key) for key in values}
    row.values.update({key: _plain_value(value) for key, value in values.items()})
    row.changed_at = clock.now()
    row.save()
    _saved_settings.clear()
    audit.record_audit_entry(
        "settings.changed",
        by=by,
        before=before,
        after={"group": name, **{k: _plain_value(v) for k, v in values.items()}},
        readable=["name"],
    )
    return get_settings(group)


class _SavedSettings:
    """All groups as one statement found them, each typed when it is first asked for."""

    def __init__(self) -> None:
        self._values = {row.group: row.values for row in sql_rows.load_instances(Setting, "", [])}
        self._typed: dict[type, Any] = {}

    def get_group(self, group: type[T]) -> T:
        found = self._typed.get(group)
        if found is None:
            found = self._typed[group] = _fill_group(group, self._values.get(_group_name(group), {}))
        return found  # type: ignore[no-any-return]


_saved_settings = RequestMemo(_SavedSettings)


def _group_name(group: type) -> str:
    return next(key for key, value in registered_groups.items() if value is group)


def _fill_group(group: type[T], saved: dict[str, Any]) -> T:
    known = {f.name: f for f in dataclasses.fields(group)}  # type: ignore[arg-type]
    return group(**{key: _typed_value(known[key].default, value) for key, value in saved.items() if key in known})


def _plain_value(value: Any) -> Any:
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed_value(default: Any, value: Any) -> Any:
    """JSON keeps no decimals, dates or times: read them back by the type of the default."""
    if isinstance(default, Decimal):
        return Decimal(value)
    if isinstance(default, time) and isinstance(value, str):
        return time.fromisoformat(value)
    if isinstance(default, date) and isinstance(value, str):
        return date.fromisoformat(value)
    return tuple(value) if isinstance(default, tuple) else value
