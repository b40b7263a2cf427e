"""What the forms of loyalty share."""

from decimal import Decimal
from typing import Any

from django import forms


class TermsForm(forms.ModelForm):
    """A form over stored terms that shows `1.5` where the column keeps `1.5000`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = format(value.normalize(), "f")
