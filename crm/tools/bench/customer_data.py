"""A database of any size, made set-based: customers with ten orders each, summaries, timeline, consent, a survey."""

from datetime import datetime
from typing import Any

from django.db import connection

from crm.kernel.time import clock
from customers.profiles import search

CHINESE_NAMES = [
    "林嘉怡",
    "王建国",
    "黃子軒",
    "陈爱美",
    "張淑芬",
    "李思颖",
    "周文博",
    "蔡欣妤",
    "何俊杰",
    "欧阳明",
    "赵敏仪",
    "吴佳宁",
]
GIVEN_NAMES = ["Olivia", "Daniel", "Priya", "Marcus", "Claire", "Darrin", "Sofia", "Jonas", "Amara", "Felix"]
FAMILY_NAMES = ["Hartmann", "Okafor", "Raman", "Lindqvist", "Gute", "Van Huff", "Rossi", "Meyer", "Novak", "Silva"]
ORDERS_EACH = 10

CUSTOMERS_SQL = """
INSERT INTO customers_customer (public_id, display_name, family_name, given_name, is_company, email, phone, language, time_zone,
  birth_month, birth_day, birthday_calendar, birthday_leap_month, street, city, region, postal_code, country, source, home_store,
  tags, preferences, preferred_channel, notes, custom, value_grade, search_text, sort_key, version, created_at, updated_at)
SELECT crm_public_id('cu'), n.name, '', '', false, 'person' || i || '@bench.example', '+86138' || lpad(i::text, 8, '0'),
  'zh-hans', 'Asia/Shanghai', extract(month FROM d), extract(day FROM d), 'solar', false, '', '上海', '', '', 'CN', 'bench',
  '', '{}', '{}', '', '', '{}', '', n.text || 'person' || i || '@bench.example 86138' || lpad(i::text, 8, '0') || ' ',
  n.key, 1, %(now)s - i * interval '1 second', %(now)s
FROM generate_series(1, %(customers)s) i
JOIN bench_names n ON n.id = i %% %(names)s
CROSS JOIN LATERAL (SELECT CASE WHEN i %% 20 = 0 THEN (%(now)s AT TIME ZONE 'Asia/Shanghai')::date
                                ELSE date '2001-01-01' + (i * 7 %% 365) END AS d) b
"""
ORDERS_SQL = """
INSERT INTO customers_order (public_id, customer_id, source, number, placed_at, status, channel, store, fulfilment, currency,
  base_rate, goods_total, shipping_total, tax_total, reward_discount, points_discount, total, refunded_total, paid_goods, live,
  content_digest, created_at, updated_at)
SELECT crm_public_id('or'), c.id, 'bench', c.id || '-' || k,
  %(now)s - ((c.id * 7919 + k * 104729) %% 1095) * interval '1 day' - (c.id %% 86400) * interval '1 second',
  'paid', CASE k %% 3 WHEN 0 THEN 'online' ELSE 'store' END, '', '', 'CNY', 1, 20 + (c.id + k * 37) %% 480, 0, 0, 0, 0,
  20 + (c.id + k * 37) %% 480, 0, 20 + (c.id + k * 37) %% 480, false, '\\x00', %(now)s, %(now)s
FROM customers_customer c CROSS JOIN generate_series(1, %(each)s) k
"""
ORDER_LINES_SQL = """
INSERT INTO customers_orderline (order_id, position, line_ref, product_id, quantity, unit_price, discount, tax, total)
SELECT o.id, 1, '', (SELECT min(id) FROM customers_product) + o.id %% 50, 1, o.goods_total, 0, 0, o.goods_total
FROM customers_order o
"""
TIMELINE_SQL = """
INSERT INTO customers_timelineentry (customer_id, kind, at, data, object_type, object_id)
SELECT customer_id, 'order_placed', placed_at,
  jsonb_build_object('number', number, 'total', goods_total::text, 'currency', 'CNY', 'products', '[]'::jsonb), 'order', public_id
FROM customers_order
"""
PRODUCTS_SQL = """
INSERT INTO customers_product (public_id, sku, name, names, category, is_gift_card, created_at)
SELECT crm_public_id('pr'), 'SKU-' || k, 'Tea ' || k, '{}', 'Tea ' || k %% 5, false, %(now)s FROM generate_series(1, 50) k
"""
CONSENT_SQL = """
INSERT INTO customers_consent (customer_id, channel, topic, state, source, wording_version, at)
SELECT id, 'email', topic, 'given', 'import', '', %(now)s
FROM customers_customer CROSS JOIN unnest(ARRAY['care', 'promotions', 'surveys']) topic
"""


def count_bench_customers() -> int:
    """How many customers the bench's database holds."""
    return _fetch_value("SELECT count(*) FROM customers_customer WHERE source = 'bench'")


def generate_customers(customers: int, tell: Any = lambda text: None) -> None:
    """Fill an empty database; the product's own summary statement counts the summaries."""
    from customers.orders import summaries

    now = clock.now()
    with connection.cursor() as cursor:
        _create_names(cursor)
        given: dict[str, Any] = {
            "now": now,
            "customers": customers,
            "names": len(CHINESE_NAMES) + len(GIVEN_NAMES) * len(FAMILY_NAMES),
            "each": ORDERS_EACH,
        }
        for label, sql in (
            ("customers", CUSTOMERS_SQL),
            ("products", PRODUCTS_SQL),
            ("orders", ORDERS_SQL),
            ("lines", ORDER_LINES_SQL),
            ("timeline", TIMELINE_SQL),
            ("consent", CONSENT_SQL),
        ):
            tell(label)
            cursor.execute(sql, given)
        tell("summaries")
        cursor.execute("SELECT array_agg(id) FROM customers_customer")
        ids = cursor.fetchone()[0]
    for start in range(0, len(ids), 50_000):
        summaries.refresh_summaries(ids[start : start + 50_000], now)
    tell("statistics")
    owned: Any = connection
    with owned.as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _create_names(cursor: Any) -> None:
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS bench_names (id int, name text, text text, key text)")
    names = [*CHINESE_NAMES, *(f"{given} {family}" for given in GIVEN_NAMES for family in FAMILY_NAMES)]
    rows = [
        (
            place,
            name,
            search.build_search_text(names=[name], email=None, phone=None),
            search.build_sort_key(display_name=name),
        )
        for place, name in enumerate(names)
    ]
    cursor.executemany("INSERT INTO bench_names VALUES (%s, %s, %s, %s)", rows)


def _fetch_value(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def data_ends_at() -> datetime:
    """The instant that the data end at."""
    return _fetch_value("SELECT max(created_at) FROM customers_customer")  # type: ignore[no-any-return]
