"""Forms whose texts come without invisible characters at their edges."""

import pytest
from django import forms
from django.http import QueryDict

from crm.kernel.ui.trimmed_forms import TrimmedDataMixin

pytestmark = pytest.mark.rule("CU-2")


class NoteForm(TrimmedDataMixin, forms.Form):
    text = forms.CharField()
    words = forms.MultipleChoiceField(choices=[("a", "a"), ("b", "b")])


@pytest.mark.parametrize(
    "data",
    [
        QueryDict("text=%E2%80%8Btea%EF%BB%BF&words=a&words=b%E2%80%8B"),
        {"text": "\u200btea\ufeff", "words": ["a", "b\u200b"]},
    ],
)
def test_texts_come_without_what_nobody_sees(data):
    form = NoteForm(data)

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"text": "tea", "words": ["a", "b"]}


def test_form_without_data_stays_unbound():
    assert not NoteForm().is_bound
