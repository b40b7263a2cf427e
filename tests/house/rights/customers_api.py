"""Who may use the API of customers and orders."""

from crm.kernel.time import clock
from customers.orders import services as orders
from customers.profiles import services as profiles
from tests.house.matrix import SHARED, Row


def customer_of(owner):
    found = profiles.create_customer(display_name="Lin Jiayi", at=clock.now(), owner=owner, team=owner.team)
    return {"customer": found.public_id}


def order_of(owner):
    person = profiles.create_customer(display_name="Lin Jiayi", at=clock.now(), owner=owner, team=owner.team)
    line = orders.IncomingOrderLine("TEA", total=10)
    data = orders.IncomingOrder("shop", person.public_id, person.pk, clock.now(), "CNY", (line,))
    return {"order": orders.record_order(order=data, at=clock.now())[0].public_id}


ROWS: list[Row] = [
    Row("api_customers", scope="customers:read"),
    Row("api_customers", scope="customers:write", method="post"),
    Row("api_customer_bulk", scope="customers:write", method="post"),
    Row("api_customer", scope="customers:read", at=customer_of, reach=SHARED),
    Row("api_customer", scope="customers:write", method="patch", at=customer_of, reach=SHARED),
    Row("api_customer_consents", scope="consents:read", at=customer_of, reach=SHARED),
    Row("api_consents", scope="consents:write", method="post"),
    Row("api_consent_bulk", scope="consents:write", method="post"),
    Row("api_events", scope="events:write", method="post"),
    Row("api_orders", scope="orders:read"),
    Row("api_orders", scope="orders:write", method="post"),
    Row("api_order_bulk", scope="orders:write", method="post"),
    Row("api_order", scope="orders:read", at=order_of, reach=SHARED),
    Row("api_order_cancel", scope="orders:write", method="post", at=order_of, reach=SHARED),
    Row("api_order_refunds", scope="orders:write", method="post", at=order_of, reach=SHARED),
]
