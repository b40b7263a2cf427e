"""The pages of retention."""

from datetime import timedelta
from decimal import Decimal

from crm.kernel.time import clock
from customers.orders import services as orders
from customers.profiles import services as profiles
from retention.risk import services as risk
from tests.house import care_examples
from tests.house.gallery import Page


def late_customers(owner, count):
    """Customers whose orders lay thirty days apart and who have been quiet for eighty."""
    now = clock.now()
    for number in range(count):
        customer = profiles.create_customer(display_name=f"林嘉怡 {number}", at=now, owner=owner, team=owner.team)
        for back in (80, 110, 140):
            line = orders.IncomingOrderLine("TEA", unit_price=Decimal(100 + number), name="Wuyi tea")
            order = orders.IncomingOrder(
                "shop", f"{customer.pk}-{back}", customer.pk, now - timedelta(days=back), "CNY", (line,)
            )
            orders.record_order(order=order, at=now, live=False)
    risk.score_customers(at=now)


def a_history(owner):
    late_customers(owner, 12)
    return []


PAGES: list[Page] = [
    Page("retention:dashboard", at=a_history),
    Page("retention:at_risk_list", more=late_customers),
    Page("retention:program_list", more=care_examples.more_people),
    Page("retention:program", at=care_examples.program_of),
    Page("retention:program", at=care_examples.program_off, query="?language=zh-hant"),
    Page("retention:program_customers", at=care_examples.program_of, more=care_examples.more_people),
    Page("retention:program_customers", at=care_examples.program_of, query="?outcome=suppressed&why=no_consent"),
    Page("retention:program_log", at=care_examples.program_of, more=care_examples.more_people),
    Page("retention:program_dry_run", at=care_examples.program_of),
    Page("retention:program_start", at=care_examples.program_off),
    Page("retention:program_texts", at=care_examples.program_of),
]
NOT_PAGES: dict[str, str] = {"retention:dashboard_csv": "a file"}
