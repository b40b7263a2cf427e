"""Shapes of points in the API."""

from rest_framework import serializers

from crm.kernel.api.serializers import StrictSerializer


class BalanceAnswer(serializers.Serializer):
    """A member's points at this instant."""

    customer = serializers.CharField()
    posted = serializers.IntegerField(help_text="Sum of all entries.")
    available = serializers.IntegerField(help_text="Can be spent now; below zero: debt.")
    pending = serializers.IntegerField(help_text="Comes after the return window.")
    debt = serializers.IntegerField()
    expires_next = serializers.IntegerField(help_text="Points that end first.")
    expires_on = serializers.DateField(allow_null=True, help_text="The last local day on which they can be used.")


class OrderReference(StrictSerializer):
    """The order that points are spent on."""

    source = serializers.CharField(max_length=40)  # type: ignore[assignment]
    number = serializers.CharField(max_length=80)
