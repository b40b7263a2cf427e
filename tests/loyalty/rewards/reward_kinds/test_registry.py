"""A kind of reward is one module: `docs/checklists/add-a-reward-kind.md`, followed once."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points.models import EarningRule
from loyalty.rewards import catalog, reward_kinds, services
from loyalty.rewards.forms import RewardForm
from loyalty.rewards.models import Coupon
from loyalty.rewards.reward_kinds import registry
from loyalty.tiers import selectors as tiers

DONATION = """
    from loyalty.rewards.reward_kinds.registry import BenefitAlreadyUsed, RewardKind, register_reward_kind


    class DonationKind(RewardKind):
        code = "donation"
        label = "Donation"
        icon = "heart"

        def benefit_text(self, reward):
            return f"{reward.value:.0f} {reward.currency} for a good cause"

        def issue_benefit(self, *, reward, entry, customer_id, at):
            return None

        def withdraw_benefit(self, redemption, at):
            raise BenefitAlreadyUsed("The money is given.")

        def redeemed_text(self, redemption):
            return f"{redemption.points} points donated."

        def member_redeemed_text(self, redemption):
            return "Thank you."


    register_reward_kind(DonationKind())
"""


@pytest.fixture
def donation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kind planted as a file in the folder of the kinds."""
    (tmp_path / "donation.py").write_text(dedent(DONATION), encoding="utf-8")
    monkeypatch.setattr(reward_kinds, "__path__", [*reward_kinds.__path__, str(tmp_path)])
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    reward_kinds.load_kinds()
    yield
    del sys.modules["loyalty.rewards.reward_kinds.donation"]


def reward_form(**values: str) -> RewardForm:
    names = {f"name_{language}": "Trees" for language in ("en", "hans", "hant")}
    fields = {**names, "price": "500", "value": "5", "tier_rank": "0", "active": "on"}
    return RewardForm({**fields, **values}, tiers=tiers.tiers_by_rank())


@pytest.mark.rule("LO-40")
def test_a_planted_kind_is_offered_redeemed_and_worded(
    donation: None, programme: EarningRule, make_customer: Any, make_order: Any, make_user: Any, balance: Any
) -> None:
    form = reward_form(kind="donation")
    assert form.is_valid(), form.errors
    assert ("donation", "Donation") in form.fields["kind"].choices
    manager, customer = make_user("manager"), make_customer()
    make_order(customer, "800")

    reward = catalog.add_reward(values=form.values(), by=manager, at=clock.now())
    redemption = services.redeem_reward(customer=customer, reward=reward, at=clock.now(), key="k")
    with pytest.raises(services.BenefitAlreadyUsed):
        services.cancel_redemption(redemption=redemption, by=manager, at=clock.now())

    kind = registry.get_reward_kind(reward.kind)
    assert (redemption.coupon, Coupon.objects.count(), balance(customer).available) == (None, 0, 300)
    assert kind.benefit_text(reward) == "5 CNY for a good cause"
    assert kind.redeemed_text(redemption) == "500 points donated."


def test_the_pages_show_a_planted_kind_in_its_words(
    donation: None, programme: EarningRule, make_customer: Any, make_order: Any, make_user: Any, client_as: Any
) -> None:
    customer, client = make_customer(), client_as("manager")
    make_order(customer, "800")
    form = reward_form(kind="donation")
    assert form.is_valid()
    reward = catalog.add_reward(values=form.values(), by=make_user("admin"), at=clock.now())

    offered = client.get("/loyalty/rewards/new/").content.decode()
    catalogue = client.get("/loyalty/rewards/").content.decode()
    redeemed = client.post(
        f"/loyalty/members/{customer.public_id}/redeem/", {"reward": reward.public_id, "key": "k"}, follow=True
    ).content.decode()

    assert '<option value="donation">Donation</option>' in offered
    assert "5 CNY for a good cause" in catalogue
    assert "500 points donated." in redeemed


def test_one_kind_leaves_nothing_to_choose_and_no_other_is_taken(programme: EarningRule) -> None:
    form = reward_form(kind="donation", discount="amount", minimum="0", valid_days="30")

    assert form.fields["kind"].widget.is_hidden
    assert (form.is_valid(), set(form.errors)) == (False, {"kind"})


@pytest.mark.rule("LO-41")
def test_a_coupon_takes_off_at_most_all(programme: EarningRule) -> None:
    form = reward_form(kind="coupon", discount="percent", value="101", minimum="0", valid_days="30")

    assert form.errors == {"value": ["At most 100 per cent."]}
