"""Note: a line in the customer's timeline. A kind of step that only tests have."""

from dataclasses import dataclass

from django import forms

from customers.messaging.content.template_catalog import TemplateVariable
from customers.profiles import timeline
from retention.care.steps.base import STEP_KINDS, FlowBox, StepKind, StepSettings


@dataclass(frozen=True)
class NoteSettings(StepSettings):
    note_text: str = "Cared for"


class NoteSettingsForm(forms.Form):
    note_text = forms.CharField(label="Note", max_length=80)


@STEP_KINDS.register
class NoteStep(StepKind[NoteSettings]):
    kind = "note"
    order = 30
    settings_class = NoteSettings
    form_class = NoteSettingsForm
    variables = {"note": TemplateVariable("What was noted", "Cared for")}
    exit_reasons = {"said_no": "They want no notes."}

    def run(self, step, enrollments, now):
        """Notes everybody but those called No."""
        text = step.typed_settings.note_text
        willing = [enrollment for enrollment in enrollments if enrollment.customer.display_name != "No"]
        timeline.write_timeline(
            timeline.NewTimelineEntry(enrollment.customer_id, "note", now, {"text": text}, "care", str(enrollment.pk))
            for enrollment in willing
        )
        pks = {enrollment.pk for enrollment in willing}
        return {enrollment.pk: step.position + 1 if enrollment.pk in pks else "said_no" for enrollment in enrollments}

    def variable_values(self, step, enrollments, now):
        return {enrollment.pk: {"note": step.typed_settings.note_text} for enrollment in enrollments}

    def flow_box(self, settings, figures):
        return FlowBox("note", "pencil", "Note", settings.note_text)
