import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from crm.kernel.time import clock
from loyalty.points import ledger_check
from loyalty.points.models import EarningRule, LedgerProof, PointsAccount, PointsLot


@pytest.mark.rule("LO-2")
def test_a_balanced_ledger_is_proved(programme: EarningRule, make_customer: Any, make_order: Any) -> None:
    make_order(make_customer(), "100")
    out = StringIO()

    call_command("verify_ledger", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {"accounts": 1, "differences": []}


@pytest.mark.rule("LO-2")
def test_a_wrong_balance_and_a_wrong_lot_are_found(programme: EarningRule, make_customer: Any, make_order: Any) -> None:
    make_order(make_customer(), "100")
    sid = transaction.savepoint()
    PointsAccount.objects.update(posted=90)
    PointsLot.objects.update(remaining=80)
    out = StringIO()

    with pytest.raises(SystemExit) as stopped:
        call_command("verify_ledger", "--json", stdout=out)

    found = json.loads(out.getvalue())
    transaction.savepoint_rollback(sid)
    assert stopped.value.code == 1
    assert found["accounts"] == 1
    assert [row["kind"] for row in found["differences"]] == ["account", "lot"]


@pytest.mark.rule("LO-2")
def test_the_nights_proof_is_kept(programme: EarningRule, make_customer: Any, make_order: Any) -> None:
    make_order(make_customer(), "100")

    kept = ledger_check.record_ledger_proof(clock.now())

    assert (LedgerProof.objects.get(), kept.accounts, kept.points, kept.differences) == (kept, 1, 100, [])


@pytest.mark.rule("LO-1")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE loyalty_ledgerentry SET points = 1000000",
        "DELETE FROM loyalty_ledgerentry",
        "TRUNCATE loyalty_ledgerentry CASCADE",
        "UPDATE loyalty_allocation SET points = 1",
        "DELETE FROM loyalty_allocation",
        "UPDATE loyalty_pointslot SET points = 1000000",
        "UPDATE loyalty_pointslot SET expires_at = NULL",
        "DELETE FROM loyalty_pointslot",
        "UPDATE loyalty_earningrule SET points = 100",
        "ALTER TABLE loyalty_ledgerentry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_the_product_cannot_rewrite_the_ledger(
    programme: EarningRule, make_customer: Any, make_order: Any, sql: str
) -> None:
    make_order(make_customer(), "100")

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.rule("LO-1")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE loyalty_ledgerentry SET points = 1000000",
        "DELETE FROM loyalty_pointslot",
        "UPDATE loyalty_pointslot SET points = 7",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_rewrites_it_by_accident(make_customer: Any, make_order: Any, sql: str) -> None:
    from loyalty import defaults

    defaults.ensure_loyalty_program()
    make_order(make_customer(), "100")

    with connection.as_owner(), pytest.raises(ProgrammingError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)
