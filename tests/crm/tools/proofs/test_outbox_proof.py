"""The outbox's proof in short, both ways: the promise holds, and the checker sees when it does not."""

import pytest

from crm.tools.proofs.registry import run_proof


@pytest.mark.rule("CU-43", "PL-50")
@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_killed_workers_send_at_most_once_and_lose_nothing():
    report = run_proof("outbox", seed=7, seconds=2.5)

    assert report.violations == []
    assert report.operations == 300
    assert report.kills > 3


@pytest.mark.rule("CU-43")
@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_checker_sees_doubles_when_only_a_lease_protects():
    report = run_proof("outbox", seed=7, seconds=2.5, broken="lease-only")

    assert "sent more than once" in {violation["what"] for violation in report.violations}


def test_unknown_variant_is_refused():
    with pytest.raises(LookupError, match="no variant"):
        run_proof("outbox", seed=1, seconds=1, broken="magic")
