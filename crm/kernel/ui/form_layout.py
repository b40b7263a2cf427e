"""Forms that say themselves how their fields stand; `{% crispy form %}` draws them by our templates of crispy-bootstrap5.

A form whose fields stand one below the other, in their order, needs no layout: `{{ form|crispy }}` draws it.
"""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout


class FormLayoutMixin:
    """A form with groups and rows. The page brings the form element, the token, the errors' summary and the buttons."""

    def build_layout(self) -> Layout:
        """Which fields stand where; a field that is named nowhere is not drawn."""
        raise TypeError(f"{type(self).__name__} has no layout")

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        helper.layout = self.build_layout()
        return helper


def form_row(*fields: str) -> Div:
    """Fields beside each other."""
    return Div(*fields, css_class="eg-form-row")
