"""The summary per customer: recomputed from the orders of just the customers touched, in one statement."""

from collections.abc import Iterable
from datetime import datetime

from crm.kernel import company
from customers.orders import queries


def lock_customers(customer_ids: Iterable[int], orders: Iterable[queries.OrderKey] = ()) -> list[int]:
    """Lock customers in the order of their ids, before anything of theirs is read: so no summary misses an order.

    With them those to whom the orders, named by source and number, belong until now. Returns all their ids. One statement.
    """
    return queries.lock_customers(set(customer_ids), orders)


def refresh_summaries(customer_ids: Iterable[int], at: datetime) -> int:
    """Recompute the summaries of these (locked) customers; returns how many changed. One statement."""
    return queries.upsert_summaries(sorted(set(customer_ids)), at, company.get_company().time_zone)


def customers_with_wrong_summary() -> list[int]:
    """Customers whose summary differs from their orders: empty when all is well. One query over everything."""
    return queries.customers_with_wrong_summary(company.get_company().time_zone)


def orders_with_wrong_sums() -> list[str]:
    """Numbers of orders whose paid goods or refunds are not those of their lines and refunds: empty when all is well."""
    return queries.orders_with_wrong_sums()
