from loyalty.points.references import ReferenceConflict, spend_text


def test_a_conflict_says_what_was_and_what_is_asked() -> None:
    refusal = ReferenceConflict(spend_text(1200, "shop:B-1"), spend_text(1))

    assert str(refusal) == "This reference was used for 1,200 points (shop:B-1); now it comes with 1 point."
