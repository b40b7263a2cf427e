"""Forms of the workspace: the filter dialog, saved views, bulk actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.workspace import filter_choices
from customers.workspace.filters import CustomerFilter, filterable_fact_kinds


class FilterDialogForm(CustomerFilter):
    """The filters with their choices; filters that have none are left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["q"]
        choices = filter_choices.choices_by_filter()
        for kind in filterable_fact_kinds():
            if not choices.get(kind):
                del self.fields[kind]
                choices.pop(kind, None)
        for name, options in choices.items():
            takes_several = isinstance(self.fields[name].widget, forms.SelectMultiple)
            self.fields[name].widget = forms.CheckboxSelectMultiple() if takes_several else forms.Select()
            self.fields[name].widget.choices = options
        self.is_valid()


class SavedViewForm(forms.Form):
    """A saved view's name."""

    name = forms.CharField(label=_("Name"), max_length=80)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    shared = forms.BooleanField(label=_("Share with everybody"), required=False)


class BulkTagForm(forms.Form):
    """A tag that the selected customers get or lose."""

    word = forms.CharField(
        label=_("Tag"), max_length=40, widget=forms.TextInput(attrs={"list": "tags", "autocomplete": "off"})
    )
    action = forms.ChoiceField(
        label=_("What to do"),
        choices=[("tag", _("Add the tag")), ("untag", _("Take it off"))],
        widget=forms.RadioSelect,
        initial="tag",
    )


class BulkOwnerForm(forms.Form):
    """The member of staff who gets the selected customers, or nobody."""

    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", _("nobody")), *filter_choices.owner_choices()]  # type: ignore[attr-defined]
