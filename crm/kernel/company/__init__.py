"""The company's settings: what other areas read, change and add groups to."""

from crm.kernel.company.settings_groups import (
    CompanySettings,
    change_settings,
    get_company,
    get_settings,
    register_settings,
    setting_field,
)

__all__ = [
    "CompanySettings",
    "change_settings",
    "get_company",
    "get_settings",
    "register_settings",
    "setting_field",
]
