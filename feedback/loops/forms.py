"""What comes in by the forms of follow-ups."""

from django import forms

from feedback.loops.choices import FollowUpState


class FollowUpStateForm(forms.Form):
    state = forms.ChoiceField(choices=FollowUpState.choices)
