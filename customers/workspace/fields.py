"""Form fields of addresses: several words, and staff by their public id."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_WORDS, LONGEST_WORD = 20, 80


class WordsField(forms.Field):
    """`?tier=gold&tier=silver` → ["gold", "silver"]; blanks fall out."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[str]:
        words = list(dict.fromkeys(word.strip() for word in value or [] if word.strip()))
        if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD or "\x00" in word for word in words):
            raise ValidationError(
                _("At most %(most)s words of %(long)s characters.") % {"most": MOST_WORDS, "long": LONGEST_WORD}
            )
        return words

    def prepare_value(self, value: Any) -> Any:
        return value or []
