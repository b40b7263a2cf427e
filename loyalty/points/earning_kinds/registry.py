"""What a kind of earning rule is, and the kinds that there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise

if TYPE_CHECKING:  # the models know no kinds, so that a kind can be added without a migration
    from loyalty.points.models import EarningRule


class EarningKind(ABC):
    """How the rules of one kind count points, which of a rule's fields they use, and how they are worded."""

    code: ClassVar[str]  # stored in EarningRule.kind, at most ten characters
    label: ClassVar[str | Promise]
    earns_from_orders: ClassVar[bool] = True
    # Fields of the form beside those that every rule has: points, rounding, expiry.
    form_fields: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def exact_points(self, rule: EarningRule, amount: Decimal, multiplier: Decimal) -> Decimal:
        """Unrounded points for an amount that earns, in the base currency."""

    @abstractmethod
    def rate_text(self, rule: EarningRule) -> str:
        """The rate in a few words, for staff: `1 for each ¥1`."""

    def explain_rate(self, figures: Mapping[str, Any], texts: Mapping[str, str]) -> str:
        """The first part of an order entry's explanation: what counts, and the rate by which it earned.

        `figures` are the entry's data (`earning.earning_figures`); `texts` has `base` and `rate` (points) formatted.
        """
        raise NotImplementedError(f"rules of kind {self.code} do not earn from orders")


_kinds: dict[str, EarningKind] = {}


def register_earning_kind(kind: EarningKind) -> None:
    """Offer a kind of earning rule; called by the module of the kind."""
    _kinds[kind.code] = kind


def get_earning_kind(code: str) -> EarningKind:
    """The kind with a code."""
    return _kinds[code]


def order_kind_codes() -> list[str]:
    """Codes of the kinds that earn from orders."""
    return [code for code, kind in _kinds.items() if kind.earns_from_orders]


def interchangeable_kinds(code: str) -> list[EarningKind]:
    """Kinds to which the next version of a rule of this kind may change: those that earn from the same."""
    return [kind for kind in _kinds.values() if kind.earns_from_orders == _kinds[code].earns_from_orders]
