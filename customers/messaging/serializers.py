"""Consent as the API takes and returns it."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from crm.kernel.api.serializers import InstantField, StrictSerializer
from crm.kernel.time import clock
from customers.messaging.choices import ConsentSource, ConsentState, MessageChannel, MessageTopic
from customers.messaging.consent import OPTIONAL_TOPICS
from customers.messaging.models import ConsentEntry

CLOCK_TOLERANCE = timedelta(minutes=10)


class ConsentIn(StrictSerializer):
    """What a customer allowed or forbade, with what proves it. Service mail belongs to the contract and is not asked about."""

    customer = serializers.CharField(max_length=200, help_text="A public id, or `external:source:value`.")
    channel = serializers.ChoiceField(choices=MessageChannel.choices)
    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=[(topic.value, topic.label) for topic in OPTIONAL_TOPICS]),
        allow_empty=False,
        max_length=len(OPTIONAL_TOPICS),
    )
    state = serializers.ChoiceField(choices=ConsentState.choices)
    at = InstantField(required=False, help_text="When the customer said so; by default now.")
    wording = serializers.CharField(
        max_length=40, required=False, default="", allow_blank=True, help_text="The version of the words agreed to."
    )
    proof = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, help_text="Where it can be looked up."
    )

    def validate_at(self, value: Any) -> Any:
        if value > clock.now() + CLOCK_TOLERANCE:
            raise serializers.ValidationError(_("lies in the future"))
        return value


class ConsentSaved(serializers.Serializer[Any]):
    """How many topics changed; none where all of it was known or older than what is known."""

    changed = serializers.IntegerField()


class ConsentRefusal(serializers.Serializer[Any]):
    """A statement that was not taken, and why."""

    index = serializers.IntegerField()
    attr = serializers.CharField()
    detail = serializers.CharField()


class ConsentBulkSaved(ConsentSaved):
    """How many topics changed, and the refused statements by their index."""

    refused = ConsentRefusal(many=True)


class TopicConsentOut(serializers.Serializer[Any]):
    """What holds for a topic of a channel, and why."""

    channel = serializers.ChoiceField(choices=MessageChannel.choices)
    topic = serializers.ChoiceField(choices=MessageTopic.choices)
    allowed = serializers.BooleanField(help_text="Consent or the company's default; a suppressed address gets nothing.")
    suppressed = serializers.BooleanField()
    source = serializers.ChoiceField(choices=[*ConsentSource.choices, ("default", "")])
    at = serializers.DateTimeField(allow_null=True)


class ConsentEntryOut(serializers.ModelSerializer[ConsentEntry]):
    class Meta:
        model = ConsentEntry
        fields = ("channel", "topic", "state", "source", "wording_version", "proof", "at")
        read_only_fields = fields


class CustomerConsentsOut(serializers.Serializer[Any]):
    """What a customer allows now, and everything they said, newest first."""

    current = TopicConsentOut(many=True)
    history = ConsentEntryOut(many=True)
