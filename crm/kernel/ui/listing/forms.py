"""The form above a list: what it may be narrowed by, and which field of an address is wrong."""

from typing import Any

from django import forms


class ListFilterForm(forms.Form):
    """Filters of a list, read from its address; an address that holds a wrong one is refused with its name."""

    @property
    def chosen_filters(self) -> dict[str, Any]:
        """The filters that are set, by name."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    @property
    def first_error_text(self) -> str:
        """The first wrong field and why, in words."""
        name, errors = next(iter(self.errors.items()))
        return f"{self.fields[name].label or name} ({name}): {errors[0]}"
