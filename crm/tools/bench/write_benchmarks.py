"""Writes against bare SQL: orders by the API, survey answers by the public page."""

import json
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction

from crm.kernel.api.services import create_api_key
from crm.kernel.auth import signed_links
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from crm.tools.bench.http_client import KeepAliveClient
from crm.tools.bench.page_benchmarks import fetch_rows
from crm.tools.bench.timing import WorkBenchmark
from feedback.surveys.models import Invitation, Survey

AT_ONCE = 20
BARE_ORDER_SQL = """
INSERT INTO customers_order (public_id, customer_id, source, number, placed_at, status, channel, store, fulfilment, currency,
  base_rate, goods_total, shipping_total, tax_total, reward_discount, points_discount, total, refunded_total, paid_goods, live,
  content_digest, created_at, updated_at)
VALUES (crm_public_id('or'), %(customer)s, 'bare', %(number)s, now(), 'paid', '', '', '', 'CNY', 1, 20, 0, 0, 0, 0, 20, 0, 20, false,
  '\\x00', now(), now()) RETURNING id
"""
BARE_LINE_SQL = """
INSERT INTO customers_orderline (order_id, position, line_ref, product_id, quantity, unit_price, discount, tax, total)
VALUES (%s, 1, '', (SELECT min(id) FROM customers_product), 1, 20, 0, 0, 20)
"""
BARE_SUMMARY_SQL = """
UPDATE customers_customersummary SET orders = orders + 1, net_spend = net_spend + 20, last_order_at = now()
WHERE customer_id = %s
"""
BARE_ANSWER_SQL = """
WITH used AS (
  UPDATE feedback_invitation SET used_at = now(), state = 'complete'
  WHERE token_digest = %(digest)s AND used_at IS NULL RETURNING id, survey_id, customer_id, language)
INSERT INTO feedback_response
  (public_id, survey_id, invitation_id, customer_id, kind, score, scale, "group", comment, language, channel, at)
SELECT crm_public_id('rs'), survey_id, id, customer_id, 'nps', 9, 'nps', 'promoter', '', language, 'link', now() FROM used
"""


def api_headers(user: User) -> dict[str, str]:
    """A key's header, for orders."""
    _key, secret = create_api_key(name="bench", scopes=["orders:write", "orders:read"], by=user)
    return {"Authorization": f"Bearer {secret}"}


def order_body(customer: str, number: str) -> str:
    """An order of one line."""
    line = {"sku": "SKU-1", "quantity": "1", "unit_price": "20"}
    order = {
        "source": "api",
        "number": number,
        "customer": customer,
        "placed_at": clock.now().isoformat(),
        "currency": "CNY",
        "lines": [line],
    }
    return json.dumps(order)


def order_api_benchmark(address: str, user: User) -> WorkBenchmark:
    """New orders, one a call, points and tier and summary included; bare: three statements in a transaction each."""
    client = KeepAliveClient(address, api_headers(user))
    people = fetch_rows(
        "SELECT id, public_id FROM customers_customer WHERE source = 'bench' ORDER BY id DESC LIMIT 400"
    )
    numbers = count(int(clock.now().timestamp() * 1000))

    def ours() -> int:
        made = 0
        for _order in range(AT_ONCE):
            number = next(numbers)
            answer = json.loads(
                client.post("/api/v1/orders/", order_body(people[number % len(people)][1], f"N{number}"))
            )
            made += answer["outcome"] == "created"
        return made

    def bare() -> int:
        made = 0
        for _order in range(AT_ONCE):
            number = next(numbers)
            with transaction.atomic(), connection.cursor() as cursor:
                customer = people[number % len(people)][0]
                cursor.execute(BARE_ORDER_SQL, {"customer": customer, "number": f"B{number}"})
                cursor.execute(BARE_LINE_SQL, [cursor.fetchone()[0]])
                cursor.execute(BARE_SUMMARY_SQL, [customer])
                made += 1
        return made

    return WorkBenchmark("order API", ours, bare, each=AT_ONCE, rounds=5)


def create_invitations(number: int, occasion: str) -> list[str]:
    """Tokens of fresh NPS invitations."""
    survey = Survey.objects.filter(kind="nps").order_by("id").first()
    now = clock.now()
    people = fetch_rows("SELECT id FROM customers_customer WHERE source = 'bench' ORDER BY id LIMIT %s", [number])
    made = [signed_links.generate_token() for _place in range(number)]
    shared = {
        "survey": survey,
        "channel": "email",
        "language": "en",
        "state": "sent",
        "created_at": now,
        "sent_at": now,
    }
    fresh = [
        Invitation(
            **shared,
            customer_id=people[place % len(people)][0],
            occasion=f"{occasion}:{place}",
            token_digest=digest,
            expires_at=now + timedelta(days=30),
        )
        for place, (_token, digest) in enumerate(made)
    ]
    Invitation.objects.bulk_create(fresh, batch_size=2000)
    return [token for token, _digest in made]


def survey_answer_benchmark(address: str) -> WorkBenchmark:
    """Survey answers; bare: the conditional update and the insert in one statement each."""
    client = KeepAliveClient(address)
    given: dict[str, Any] = {"left": []}

    def take() -> list[str]:
        if len(given["left"]) < AT_ONCE:
            given["left"] += create_invitations(AT_ONCE * 20, f"bench-{clock.now().timestamp()}")
        taken, given["left"] = given["left"][:AT_ONCE], given["left"][AT_ONCE:]
        return taken

    def ours() -> int:
        return sum(
            "survey" in client.post(f"/s/{token}/", "score=9", "application/x-www-form-urlencoded").lower()
            for token in take()
        )

    def bare() -> int:
        done = 0
        for token in take():
            with connection.cursor() as cursor:
                cursor.execute(BARE_ANSWER_SQL, {"digest": signed_links.hash_token(token)})
                done += cursor.rowcount
        return done

    take()
    given["left"] += create_invitations(AT_ONCE * 20, f"bench-more-{clock.now().timestamp()}")
    return WorkBenchmark("survey answer", ours, bare, each=AT_ONCE, rounds=5)
