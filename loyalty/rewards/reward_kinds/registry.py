"""What a kind of reward is, and the kinds that there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise

if TYPE_CHECKING:  # the models know no kinds, so that a kind can be added without a migration
    from loyalty.points.models import LedgerEntry
    from loyalty.rewards.models import Coupon, Redemption, Reward


class BenefitAlreadyUsed(Exception):
    """The benefit was used, so the points stay spent."""


class RewardKind(ABC):
    """What the rewards of one kind give, which fields of a reward they use, and how they are worded."""

    code: ClassVar[str]  # stored in Reward.kind, at most eight characters
    label: ClassVar[str | Promise]
    icon: ClassVar[str]
    # Fields of the form beside those that every reward has: names, price, stock, limits, value, cost.
    form_fields: ClassVar[tuple[str, ...]] = ()

    def form_errors(self, values: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with the values of the form, by field."""
        return {}

    @abstractmethod
    def benefit_text(self, reward: Reward) -> str:
        """What the member gets, in a few words: `¥20 off`."""

    @abstractmethod
    def issue_benefit(self, *, reward: Reward, entry: LedgerEntry, customer_id: int, at: datetime) -> Coupon | None:
        """Give what was redeemed, in the transaction that spent the points (`entry`); the coupon if there is one."""

    @abstractmethod
    def withdraw_benefit(self, redemption: Redemption, at: datetime) -> None:
        """Take the benefit back before the points return. Refused: BenefitAlreadyUsed."""

    @abstractmethod
    def redeemed_text(self, redemption: Redemption) -> str:
        """What staff read after they redeemed for a member."""

    @abstractmethod
    def member_redeemed_text(self, redemption: Redemption) -> str:
        """What members read after they redeemed on their own page."""


_kinds: dict[str, RewardKind] = {}


def register_reward_kind(kind: RewardKind) -> None:
    """Offer a kind of reward; called by the module of the kind."""
    _kinds[kind.code] = kind


def get_reward_kind(code: str) -> RewardKind:
    """The kind with a code."""
    return _kinds[code]


def reward_kinds() -> list[RewardKind]:
    """All kinds."""
    return list(_kinds.values())
