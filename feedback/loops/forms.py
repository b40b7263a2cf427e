"""What comes in by the forms of follow-ups."""

from django import forms

from feedback.loops.choices import State


class MoveForm(forms.Form):
    state = forms.ChoiceField(choices=State.choices)
