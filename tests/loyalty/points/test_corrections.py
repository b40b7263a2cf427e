from typing import Any

import pytest

from crm.kernel.audit.models import AuditEntry
from crm.kernel.time import clock
from loyalty.points import corrections
from loyalty.points.models import EarningRule, LedgerEntry


@pytest.mark.rule("LO-5")
def test_a_correction_carries_reason_and_name_once(
    programme: EarningRule, make_customer: Any, make_user: Any, balance: Any
) -> None:
    customer, agent = make_customer(), make_user("service")

    for _turn in range(2):
        entry = corrections.adjust_points(
            customer=customer, points=120, reason="Late parcel", by=agent, at=clock.now(), key="form-1"
        )

    assert (entry.points, entry.reason, entry.actor, balance(customer).available) == (120, "Late parcel", agent, 120)
    assert AuditEntry.objects.filter(action="points.adjusted").count() == 1


@pytest.mark.rule("LO-5")
@pytest.mark.parametrize(
    ("role", "points", "fits"),
    [("service", 501, False), ("manager", 501, True), ("manager", 20_001, False), ("admin", 20_001, True)],
)
def test_corrections_are_limited_per_role(
    programme: EarningRule, make_customer: Any, make_user: Any, balance: Any, role: str, points: int, fits: bool
) -> None:
    customer = make_customer()

    def correct() -> LedgerEntry:
        return corrections.adjust_points(
            customer=customer, points=points, reason="Gift", by=make_user(role), at=clock.now(), key="k"
        )

    if fits:
        correct()
    else:
        with pytest.raises(corrections.AdjustmentOverLimit):
            correct()

    assert balance(customer).posted == (points if fits else 0)


@pytest.mark.rule("LO-5")
def test_a_correction_is_undone_by_a_counter_entry_once(
    programme: EarningRule, make_customer: Any, make_user: Any, spend: Any, balance: Any
) -> None:
    customer, manager = make_customer(), make_user("manager")
    entry = corrections.adjust_points(
        customer=customer, points=100, reason="Mistake", by=manager, at=clock.now(), key="k"
    )
    spend(customer, 70)

    first = corrections.undo_adjustment(entry=entry, reason="Wrong person", by=manager, at=clock.now())
    again = corrections.undo_adjustment(entry=entry, reason="Wrong person", by=manager, at=clock.now())

    assert first == again
    assert first.reverses == entry
    assert (balance(customer).posted, balance(customer).debt) == (-70, 70)


@pytest.mark.rule("LO-5")
def test_points_taken_by_a_correction_go_back_to_their_lot(
    programme: EarningRule, make_customer: Any, make_order: Any, make_user: Any, balance: Any
) -> None:
    customer, manager = make_customer(), make_user("manager")
    make_order(customer, "100")
    entry = corrections.adjust_points(
        customer=customer, points=-40, reason="Mistake", by=manager, at=clock.now(), key="k"
    )

    corrections.undo_adjustment(entry=entry, reason="It was right", by=manager, at=clock.now())

    assert balance(customer).available == 100


@pytest.mark.rule("LO-3")
@pytest.mark.parametrize("change", [{"points": 11}, {"points": -10}, {"reason": "Another"}])
def test_the_same_key_with_another_correction_is_refused(
    member: Any, make_user: Any, balance: Any, change: dict[str, Any]
) -> None:
    asked = {"points": 10, "reason": "Late parcel", "key": "f1"}
    by = make_user("manager")
    corrections.adjust_points(customer=member, by=by, at=clock.now(), **asked)

    with pytest.raises(corrections.ReferenceConflict, match=r"\+10 \(Late parcel\)"):
        corrections.adjust_points(customer=member, by=by, at=clock.now(), **{**asked, **change})

    assert balance(member).available == 5010
