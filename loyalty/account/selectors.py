"""Everything that the pages of one member show."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from crm.kernel.money import Money
from customers.profiles.models import Customer
from loyalty.points import program_settings, rules
from loyalty.points import selectors as points
from loyalty.points.models import LedgerEntry
from loyalty.points.selectors import Balance, Expiring
from loyalty.rewards import quotes
from loyalty.rewards import selectors as rewards
from loyalty.rewards.models import Coupon
from loyalty.rewards.selectors import Offer
from loyalty.tiers import selectors as tiers
from loyalty.tiers.selectors import Standing

SHORT_HISTORY, LONG_HISTORY = 8, 200
SOON_DAYS = 45


@dataclass(frozen=True)
class Account:
    """A member's account at an instant."""

    customer: Customer
    balance: Balance
    worth: Money
    standing: Standing | None
    lots: list[Expiring]
    coupons: list[Coupon]
    offers: list[Offer]
    entries: list[LedgerEntry]
    has_more: bool
    days_left: int | None
    form_key: str

    @property
    def ends_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= SOON_DAYS


def get_account(customer: Customer, at: datetime, *, whole_history: bool = False) -> Account:
    """The account with everything on it. A dozen queries, whatever its size."""
    balance = points.get_balance(customer.pk, at)
    limit = LONG_HISTORY if whole_history else SHORT_HISTORY
    entries = list(points.history(customer.pk).order_by("-at", "-id")[: limit + 1])
    today = rules.shown_day(at, program_settings.zone())
    return Account(
        customer=customer,
        balance=balance,
        worth=quotes.worth(max(balance.available, 0)),
        standing=tiers.get_standing(customer.pk, at),
        lots=points.expiring_lots(customer.pk, at=at),
        coupons=list(rewards.usable_coupons(customer.pk, at)[:50]),
        offers=rewards.offers(customer.pk, at),
        entries=entries[:limit],
        has_more=len(entries) > limit and not whole_history,
        days_left=(balance.next_day - today).days if balance.next_day else None,
        form_key=uuid.uuid4().hex,
    )


def ledger(customer: Customer) -> QuerySet[LedgerEntry]:
    """A member's entries, for the staff's list."""
    return points.history(customer.pk)
