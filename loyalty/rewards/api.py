"""Redeeming points and using coupons, for tills and shops; repeated requests have one effect."""

import hashlib
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.kernel import money
from crm.kernel.api.idempotency import idempotent
from crm.kernel.api.problem_details import ConflictRefusal
from crm.kernel.money import Money
from crm.kernel.time import clock
from loyalty.points.api import balance_answer, get_customer_or_404
from loyalty.rewards import coupon_returns, coupons, quotes, selectors, services
from loyalty.rewards.models import Coupon, Redemption, Reward
from loyalty.rewards.serializers import (
    MAX_REFERENCE_LENGTH,
    CouponCheckAnswer,
    CouponCheckRequest,
    CouponReturnAnswer,
    CouponReturnRequest,
    CouponUseAnswer,
    CouponUseRequest,
    QuoteAnswer,
    QuoteRequest,
    RedeemAnswer,
    RedeemRequest,
)

REFUSALS: dict[type[Exception], str] = {
    services.NotEnoughPoints: "insufficient_points",
    services.RewardNotOffered: "not_offered",
    services.OutOfStock: "out_of_stock",
    services.RewardLimitReached: "limit_reached",
    services.TierTooLow: "tier_too_low",
    services.ReferenceConflict: "reference_conflict",
}


class PointsQuoteView(APIView):
    """What spending points, a reward or an order would mean now."""

    write_scope = "points:read"

    @extend_schema(operation_id="points_quote", request=QuoteRequest, responses=QuoteAnswer, tags=["points"])
    def post(self, request: Request, customer: str) -> Response:
        """Changes nothing. Give exactly one of `points`, `reward`, `amount` (base currency, would earn)."""
        member, body = get_customer_or_404(customer), QuoteRequest.validate_record(request.data)
        now = clock.now()
        if "reward" in body:
            quote = quotes.quote_reward(customer=member, reward=_reward(body["reward"]), at=now)
        elif "points" in body:
            quote = quotes.quote_points(customer=member, points=body["points"], at=now)
        else:
            quote = quotes.quote_order(customer=member, amount=body["amount"], at=now)
        return Response(_quote_answer(quote))


class PointsRedeemView(APIView):
    """Spend points on an order, or redeem a reward."""

    scope = "points"

    @extend_schema(operation_id="points_redeem", request=RedeemRequest, responses={201: RedeemAnswer}, tags=["points"])
    @idempotent
    def post(self, request: Request, customer: str) -> Response:
        """409 `insufficient_points` (and others) says why not. The same `reference` or Idempotency-Key acts once.

        The same `reference` with other content is 409 `reference_conflict`, which says both.
        """
        member, body = get_customer_or_404(customer), RedeemRequest.validate_record(request.data)
        key = body.get("reference") or _header_key(request) or uuid.uuid4().hex
        if "reward" in body:
            reward = _reward(body["reward"])
            redemption = _refusals_as_conflict(
                lambda: services.redeem_reward(
                    customer=member, reward=reward, at=clock.now(), key=f"{services.TILL_PREFIX}{key}"
                )
            )
            return Response({**_redemption_answer(redemption), "balance": balance_answer(member)}, status=201)
        order = body.get("order")
        entry = _refusals_as_conflict(
            lambda: services.pay_with_points(
                customer=member, points=body["points"], key=key, at=clock.now(),
                order_ref=f"{order['source']}:{order['number']}" if order else "",
            )
        )  # fmt: skip
        answer = {
            "points": -entry.points,
            "value": _money_answer(quotes.points_value(-entry.points)),
            "redemption": None,
            "coupon": None,
        }
        return Response({**answer, "balance": balance_answer(member)}, status=201)


class CouponCheckView(APIView):
    """Whether a coupon can be used, and why not."""

    write_scope = "coupons:read"

    @extend_schema(
        operation_id="coupon_check", request=CouponCheckRequest, responses=CouponCheckAnswer, tags=["coupons"]
    )
    def post(self, request: Request) -> Response:
        """Changes nothing."""
        body = CouponCheckRequest.validate_record(request.data)
        coupon = selectors.find_coupon(body["code"])
        if coupon is None:
            unknown = {"usable": False, "why": "unknown", "takes_off": None, "coupon": None}
            return Response({**unknown, "detail": coupons.refusal_text("unknown")})
        reason = coupons.check_coupon(coupon=coupon, **_coupon_occasion(body, coupon))
        discount = None if reason else coupons.coupon_discount(coupon, body.get("amount"))
        answer = {"usable": not reason, "why": reason, "detail": coupons.refusal_text(reason)}
        return Response(
            {**answer, "takes_off": _money_text(discount, coupon.currency), "coupon": _coupon_answer(coupon)}
        )


class CouponUseView(APIView):
    """Use a coupon on an order."""

    scope = "coupons"

    @extend_schema(
        operation_id="coupon_use", request=CouponUseRequest, responses={201: CouponUseAnswer}, tags=["coupons"]
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """409 names why not: `expired`, `used`, `wrong_customer`, `below_minimum` … The same `reference` uses it once.

        The same `reference` with another amount or customer is 409 `reference_conflict`.
        """
        body = CouponUseRequest.validate_record(request.data)
        coupon = _coupon_or_conflict(body["code"])
        try:
            coupon_use = coupons.use_coupon(
                coupon=coupon, reference=body["reference"], **_coupon_occasion(body, coupon)
            )
        except coupons.CouponNotUsable as refusal:
            raise ConflictRefusal(str(refusal), code=refusal.reason) from refusal
        except coupons.ReferenceConflict as refusal:
            raise ConflictRefusal(str(refusal), code="reference_conflict") from refusal
        taken_off = _money_text(coupon_use.taken_off, coupon.currency)
        answer = {
            "code": coupon.code,
            "reference": coupon_use.reference,
            "taken_off": taken_off,
            "used_at": coupon_use.used_at,
        }
        return Response(answer, status=201)


class CouponReturnView(APIView):
    """Give a coupon back whose order was cancelled or refunded in full."""

    scope = "coupons"

    @extend_schema(
        operation_id="coupon_return", request=CouponReturnRequest, responses=CouponReturnAnswer, tags=["coupons"]
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Repeating it changes nothing. 409 `unknown`, `not_used`, or `order_stands` for an order that still counts."""
        body = CouponReturnRequest.validate_record(request.data)
        coupon = _coupon_or_conflict(body["code"])
        try:
            coupon_use = coupon_returns.give_coupon_back(coupon=coupon, reference=body["reference"], at=clock.now())
        except coupon_returns.CouponNotReturnable as refusal:
            raise ConflictRefusal(str(refusal), code=refusal.reason) from refusal
        answer = {
            "code": coupon.code,
            "reference": coupon_use.reference,
            "returned_at": coupon_use.returned_at,
            "valid_until": coupon_use.coupon.valid_until,
        }
        return Response(answer)


def _coupon_or_conflict(code: str) -> Coupon:
    coupon = selectors.find_coupon(code)
    if coupon is None:
        raise ConflictRefusal(coupons.refusal_text("unknown"), code="unknown")
    return coupon


def _header_key(request: Request) -> str:
    """The Idempotency-Key, short enough for the ledger's column."""
    key = request.headers.get("Idempotency-Key", "")
    return key if len(key) <= MAX_REFERENCE_LENGTH else hashlib.sha256(key.encode()).hexdigest()


def _quote_answer(quote: quotes.QuoteResult) -> dict[str, Any]:
    return {
        "possible": quote.possible,
        "why": quote.refusal,
        "points": quote.points,
        "available": quote.available,
        "value": _money_answer(quote.value),
    }


def _refusals_as_conflict(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except tuple(REFUSALS) as refusal:
        raise ConflictRefusal(str(refusal), code=REFUSALS[type(refusal)]) from refusal


def _reward(public_id: str) -> Reward:
    reward = selectors.find_reward(public_id)
    if reward is None:
        raise ValidationError({"reward": [_("There is no such reward.")]})
    return reward


def _coupon_occasion(body: dict[str, Any], coupon: Coupon) -> dict[str, Any]:
    return {
        "customer": get_customer_or_404(body["customer"]) if "customer" in body else None,
        "amount": body.get("amount"),
        "currency": body.get("currency", coupon.currency),
        "at": clock.now(),
    }


def _redemption_answer(redemption: Redemption) -> dict[str, Any]:
    return {
        "points": redemption.points,
        "value": _money_answer(quotes.points_value(redemption.points)),
        "redemption": redemption.public_id,
        "coupon": _coupon_answer(redemption.coupon) if redemption.coupon else None,
    }


def _money_answer(value: Money) -> dict[str, str]:
    return {"amount": str(value.amount), "currency": value.currency}


def _money_text(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else str(money.round_amount(amount, currency))


def _coupon_answer(coupon: Coupon) -> dict[str, Any]:
    return {
        "code": coupon.code,
        "name": coupon.name,
        "discount": coupon.discount,
        "value": str(coupon.value),
        "currency": coupon.currency,
        "minimum": _money_text(coupon.minimum, coupon.currency),
        "valid_until": coupon.valid_until,
    }
