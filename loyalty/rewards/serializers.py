"""Shapes of redeeming and of coupons in the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from crm.kernel.api.serializers import StrictSerializer
from loyalty.points.serializers import BalanceAnswer, OrderReference

MAX_REFERENCE_LENGTH = 100


class ExactlyOneSerializer(StrictSerializer):
    """Exactly one of the fields in `one_of` must be given."""

    one_of: tuple[str, ...] = ()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in self.one_of) != 1:
            raise serializers.ValidationError(
                {self.one_of[0]: [_("Give exactly one of: %(names)s.") % {"names": ", ".join(self.one_of)}]}
            )
        return attrs


class QuoteRequest(ExactlyOneSerializer):
    """What to quote: points to spend, a reward to redeem, or an amount that would earn."""

    one_of = ("points", "reward", "amount")
    points = serializers.IntegerField(min_value=1, max_value=10**9, required=False)
    reward = serializers.CharField(max_length=24, required=False)
    amount = serializers.DecimalField(max_digits=15, decimal_places=4, min_value=0, required=False)


class MoneyAnswer(serializers.Serializer):
    """An amount of money."""

    amount = serializers.CharField()
    currency = serializers.CharField()


class QuoteAnswer(serializers.Serializer):
    """What would happen now; `why` says what stands against it."""

    possible = serializers.BooleanField()
    why = serializers.CharField(allow_blank=True)
    points = serializers.IntegerField(help_text="That would be spent, or earned.")
    available = serializers.IntegerField()
    value = MoneyAnswer()


class RedeemRequest(ExactlyOneSerializer):
    """Points to spend on an order, or a reward from the catalogue. `reference` makes it once."""

    one_of = ("points", "reward")
    points = serializers.IntegerField(min_value=1, max_value=10**9, required=False)
    reward = serializers.CharField(max_length=24, required=False)
    order = OrderReference(required=False)
    reference = serializers.CharField(max_length=MAX_REFERENCE_LENGTH, required=False)


class CouponAnswer(serializers.Serializer):
    """A coupon as a till needs it."""

    code = serializers.CharField()
    name = serializers.CharField()
    discount = serializers.ChoiceField(choices=["amount", "percent"])
    value = serializers.CharField()
    currency = serializers.CharField()
    minimum = serializers.CharField()
    valid_until = serializers.DateTimeField()


class RedeemAnswer(serializers.Serializer):
    """What was redeemed, and the balance after it."""

    points = serializers.IntegerField()
    value = MoneyAnswer()
    redemption = serializers.CharField(allow_null=True)
    coupon = CouponAnswer(allow_null=True)
    balance = BalanceAnswer()


class CouponCheckRequest(StrictSerializer):
    """A code, who shows it, and for how much."""

    code = serializers.CharField(max_length=40)
    customer = serializers.CharField(max_length=180, required=False)
    amount = serializers.DecimalField(max_digits=15, decimal_places=4, min_value=0, required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)


class CouponCheckAnswer(serializers.Serializer):
    """Whether the coupon can be used, why not, and what it would take off."""

    usable = serializers.BooleanField()
    why = serializers.CharField(allow_blank=True, help_text="expired, used, wrong_customer, below_minimum …")
    detail = serializers.CharField(allow_blank=True)
    takes_off = serializers.CharField(allow_null=True)
    coupon = CouponAnswer(allow_null=True)


class CouponUseRequest(CouponCheckRequest):
    """The same, and the order it is used on: the reference makes it once."""

    reference = serializers.CharField(max_length=130)


class CouponReturnRequest(StrictSerializer):
    """A code, and the order on which it was used and that came to nothing."""

    code = serializers.CharField(max_length=40)
    reference = serializers.CharField(max_length=130)


class CouponReturnAnswer(serializers.Serializer):
    """A coupon that can be used again."""

    code = serializers.CharField()
    reference = serializers.CharField()
    returned_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()


class CouponUseAnswer(serializers.Serializer):
    """The use of a coupon."""

    code = serializers.CharField()
    reference = serializers.CharField()
    taken_off = serializers.CharField(allow_null=True)
    used_at = serializers.DateTimeField()
