"""A file of orders tells what was paid, cancelled and given back; the same file twice gives nothing back twice."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from crm.kernel.time import clock
from customers.importing import services
from customers.importing.import_report import rejected_rows
from customers.orders import summaries
from customers.orders.models import CustomerSummary, Order, Refund, RefundLine

pytestmark = pytest.mark.django_db
HEADER = (
    "order id,order date,email,sku,quantity,line total,status,refunded amount,refund date,cancelled at,original order"
)


def bring(*rows, header=HEADER, **options):
    """Import rows; returns the import."""
    batch = services.create_import(
        file=ContentFile("\n".join([header, *rows]).encode()), name="orders.csv", kind="orders", at=clock.now()
    )
    batch = services.map_columns(batch=batch, mapping=batch.mapping, source="shop", **options)
    services.execute_import(batch=batch, at=clock.now())
    assert summaries.customers_with_wrong_summary() == []
    return batch


def outcomes(batch):
    return list(batch.rows.order_by("row_no").values_list("outcome", flat=True))


def warnings(batch):
    return [
        reason
        for found in batch.rows.filter(warnings__isnull=False).values_list("warnings", flat=True)
        for _c, reason in found
    ]


def net_spend():
    return CustomerSummary.objects.get().net_spend


@pytest.mark.rule("CU-11")
def test_states_of_other_shops_do_not_become_paid():
    bring(
        "1,2026-03-01,a@example.com,TEA,1,400,Paid",
        "2,2026-03-02,a@example.com,TEA,1,300,refunded",
        "3,2026-03-03,a@example.com,TEA,1,200,expired",
        "4,2026-03-04,a@example.com,TEA,1,200,wc-failed",
        "5,2026-03-05,a@example.com,TEA,1,200,交易关闭",
        "6,2026-03-06,a@example.com,TEA,1,200,退款成功",
        "7,2026-03-07,a@example.com,TEA,1,200,Storniert",
    )

    summary = CustomerSummary.objects.get()
    assert (summary.orders, summary.net_spend) == (3, 400)
    assert [order.status for order in Order.objects.order_by("number")] == [
        "paid", "paid", "cancelled", "placed", "cancelled", "paid", "cancelled",
    ]  # fmt: skip
    refund = Refund.objects.get(order__number="2")
    assert (refund.amount, refund.refunded_at) == (300, refund.order.placed_at)


@pytest.mark.rule("CU-11")
def test_unknown_word_is_rejected_until_somebody_says_what_it_means():
    row = "1,2026-03-01,a@example.com,TEA,1,100,Geparkt"

    batch = bring(row)
    assert [(each["column"], "Geparkt" in each["reason"]) for each in rejected_rows(batch)] == [("status", True)]
    assert not Order.objects.exists()

    bring(row, states={"Geparkt": "unpaid"})
    assert Order.objects.get().status == "placed"
    assert CustomerSummary.objects.get().orders == 0


@pytest.mark.rule("CU-11")
@pytest.mark.parametrize(("word", "reason"), [("", "the state is empty"), ("Draft", "is no order yet")])
def test_row_without_a_state_or_that_is_no_order_is_left_out(word, reason):
    batch = bring(f"1,2026-03-01,a@example.com,TEA,1,100,{word}")

    assert reason in rejected_rows(batch)[0]["reason"]
    assert not Order.objects.exists()


@pytest.mark.rule("CU-11")
def test_state_in_the_first_row_is_the_whole_orders():
    bring("1,2026-03-01,a@example.com,TEA,1,60,pending", "1,2026-03-01,a@example.com,BOOK,1,40,")

    assert (Order.objects.get().status, Order.objects.get().goods_total) == ("placed", 100)


@pytest.mark.rule("CU-11")
def test_day_of_cancelling_cancels_whatever_the_payment():
    bring("1,2026-03-01,a@example.com,TEA,1,100,paid,,,2026-03-04")

    order = Order.objects.get()
    assert (order.status, order.cancelled_at.isoformat()) == ("cancelled", "2026-03-03T16:00:00+00:00")
    assert net_spend() == 0


@pytest.mark.rule("CU-10")
def test_refunded_amount_is_all_that_was_given_back_so_far():
    first = "1,2026-03-01,a@example.com,TEA,1,100,partially_refunded,30,2026-03-05"
    bring(first)
    bring(first)
    bring(first.replace(",30,", ",50,"))

    amounts = list(Refund.objects.order_by("pk").values_list("amount", flat=True))
    assert (amounts, net_spend()) == ([30, 20], 50)
    assert Refund.objects.first().refunded_at.isoformat() == "2026-03-04T16:00:00+00:00"


@pytest.mark.rule("CU-10")
def test_more_refunded_than_the_order_cost_is_all_of_it():
    batch = bring("1,2026-03-01,a@example.com,TEA,1,100,partially refunded,112")

    assert (Refund.objects.get().amount, net_spend(), outcomes(batch)) == (100, 0, ["created"])
    assert warnings(batch) == ["112 is more than this order cost: all of it is refunded"]


@pytest.mark.rule("CU-11")
def test_partly_refunded_without_an_amount_keeps_the_order():
    batch = bring("1,2026-03-01,a@example.com,TEA,1,100,partially refunded")

    assert (outcomes(batch), Refund.objects.count(), net_spend()) == (["created"], 0, 100)
    assert warnings(batch) == ["partly refunded, but no column says how much: no refund is recorded"]


@pytest.mark.rule("CU-11")
def test_refund_of_an_unpaid_order_is_left_out_with_a_warning():
    batch = bring("1,2026-03-01,a@example.com,TEA,1,100,pending,30")

    assert (outcomes(batch), Refund.objects.count()) == (["created"], 0)
    assert warnings(batch) == ["the order is not paid: what was given back is left out"]


@pytest.mark.rule("CU-30")
def test_bad_day_of_a_refund_costs_only_itself():
    batch = bring("1,2026-03-01,a@example.com,TEA,1,100,refunded,,31.31.2026")

    assert (outcomes(batch), net_spend(), len(warnings(batch))) == (["created"], 0, 1)


@pytest.mark.rule("CU-10")
def test_negative_row_of_an_order_is_its_refund():
    rows = (
        "1,2026-03-01,a@example.com,TEA,2,60,paid",
        "1,2026-03-01,a@example.com,BOOK,1,40,paid",
        "1,2026-03-09,a@example.com,TEA,-1,-30,paid",
    )

    assert outcomes(bring(*rows)) == ["created", "created", "created"]
    assert outcomes(bring(*rows)) == ["unchanged", "unchanged", "unchanged"]

    refund = RefundLine.objects.get()
    assert (refund.line.product.sku, refund.amount, refund.quantity) == ("TEA", 30, 1)
    assert refund.refund.refunded_at.isoformat() == "2026-03-08T16:00:00+00:00"
    assert net_spend() == 70


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize("cells", ["−1,30", "1,(30.00)", "1,-30"])
def test_return_in_a_later_file_finds_its_order(cells):
    bring("1,2026-03-01,a@example.com,TEA,2,60,paid")

    batch = bring(f"1,2026-03-09,a@example.com,TEA,{cells},paid")

    assert (outcomes(batch), net_spend(), Order.objects.count()) == (["created"], 30, 1)


@pytest.mark.rule("CU-10")
def test_return_with_a_number_of_its_own_names_its_order_even_before_it():
    rows = (
        "C-1,2026-03-09,a@example.com,TEA,1,30,paid,,,,1",
        "1,2026-03-01,a@example.com,TEA,2,60,paid",
    )

    bring(*rows)
    bring(*rows)

    assert (Order.objects.get().number, Refund.objects.count(), net_spend()) == ("1", 1, 30)


@pytest.mark.rule("CU-10")
def test_return_of_an_order_with_a_discount_gives_back_what_was_paid():
    header = "order id,order date,email,sku,quantity,line total,coupon amount"
    bring(
        "1,2026-03-01,a@example.com,TEA,1,60,50",
        "1,2026-03-01,a@example.com,BOOK,1,40,",
        "1,2026-03-09,a@example.com,BOOK,-1,-40,",
        header=header,
    )

    assert (Refund.objects.get().amount, net_spend()) == (20, 30)


@pytest.mark.rule("CU-10")
def test_same_goods_returned_twice_are_two_refunds_and_a_third_is_refused():
    rows = ["1,2026-03-01,a@example.com,TEA,2,60,paid"] + ["1,2026-03-09,a@example.com,TEA,-1,-30,paid"] * 3

    batch = bring(*rows)

    assert outcomes(batch) == ["created", "created", "created", "rejected"]
    assert "0.00 CNY" in rejected_rows(batch)[0]["reason"]
    assert (Refund.objects.count(), net_spend()) == (2, 0)


@pytest.mark.rule("CU-10")
def test_return_of_an_unknown_order_is_rejected_and_costs_no_other_row():
    batch = bring("9,2026-03-09,a@example.com,TEA,-1,-30,paid", "1,2026-03-01,a@example.com,TEA,2,60,paid")

    assert outcomes(batch) == ["rejected", "created"]
    assert rejected_rows(batch)[0]["reason"] == "the order that this returns is not known"


@pytest.mark.rule("CU-10")
def test_goods_that_the_order_does_not_have_are_given_back_of_its_sum():
    bring("1,2026-03-01,a@example.com,TEA,1,60,paid", "1,2026-03-01,a@example.com,Coupon,1,-15,paid")

    assert (RefundLine.objects.count(), net_spend()) == (0, Decimal(45))


@pytest.mark.rule("CU-30")
def test_dry_run_gives_nothing_back():
    batch = services.create_import(
        file=ContentFile(f"{HEADER}\n1,2026-03-01,a@example.com,TEA,1,100,refunded".encode()),
        name="orders.csv",
        kind="orders",
        at=clock.now(),
    )

    counts = services.dry_run_import(batch=batch, at=clock.now())

    assert (counts["orders"]["created"], Refund.objects.count(), Order.objects.count()) == (1, 0, 0)


@pytest.mark.rule("CU-11")
@pytest.mark.parametrize("amount", ["", "0", "90", "112"])
def test_refunded_means_that_everything_was_given_back(amount):
    batch = bring(f"1,2026-03-01,a@example.com,TEA,1,100,refunded,{amount}")

    assert (Refund.objects.get().amount, net_spend(), warnings(batch)) == (100, 0, [])


@pytest.mark.rule("CU-11")
def test_refund_of_a_cancelled_order_needs_no_word():
    batch = bring("1,2026-03-01,a@example.com,TEA,1,100,voided,100")

    assert (outcomes(batch), Refund.objects.count(), warnings(batch)) == (["created"], 0, [])
