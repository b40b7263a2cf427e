"""SQL of the workspace: what the ORM cannot say in one statement."""

from django.db import connection

from customers.orders.relations import PURCHASES

# One statement for the three habits, each counted over the same orders.
COUNT_HABITS = f"""
WITH own AS (SELECT id, channel, store FROM {PURCHASES} purchase WHERE customer_id = %(customer)s)
SELECT * FROM (
  SELECT 'category' AS habit, p.category AS name, count(DISTINCT own.id) AS orders
  FROM own JOIN customers_orderline l ON l.order_id = own.id JOIN customers_product p ON p.id = l.product_id
  GROUP BY p.category
  UNION ALL SELECT 'channel', channel, count(*) FROM own GROUP BY channel
  UNION ALL SELECT 'store', store, count(*) FROM own GROUP BY store
) habits WHERE name <> '' ORDER BY habit, orders DESC, name
"""
# The ORM does not unnest an array in FROM.
COUNT_TAGS = """
SELECT tag, count(*) FROM customers_customer, unnest(tags) AS tag GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %s
"""
ESTIMATE_CUSTOMERS = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'customers_customer'::regclass"


def count_habits(customer_id: int) -> list[tuple[str, str, int]]:
    """(category, channel or store; its name; number of orders), the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_HABITS, {"customer": customer_id})
        return cursor.fetchall()


def count_tags(limit: int) -> list[tuple[str, int]]:
    """Tags with the number of their customers, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_TAGS, [limit])
        return cursor.fetchall()


def estimate_customer_count() -> int:
    """About how many customers there are, as PostgreSQL keeps it for planning; counting a million takes too long."""
    with connection.cursor() as cursor:
        cursor.execute(ESTIMATE_CUSTOMERS)
        return int(cursor.fetchone()[0])
