"""docs/checklists/add-a-channel.md, followed: a messenger behind an HTTP gateway, planted as one module."""

import importlib.util
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crm.kernel.time import clock
from customers.messaging import addresses, channels, governor
from customers.messaging.channels import registry
from customers.messaging.governor import SendRequest
from customers.messaging.models import Relay
from customers.messaging.outbox import delivery_run
from tests.customers.messaging.rows import fresh

MODULE = """
import json
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings

from customers.messaging import policy
from customers.messaging.channels.registry import ChannelKind, register_channel_kind
from customers.messaging.channels.transport import DeliveryOutcome, DeliveryRound, Handover, ServerUnreachable
from customers.profiles.models import Customer


class MessengerTransport:
    goodbye_text = ""

    def open_connections(self, message_count):
        try:
            urlopen(settings.MESSENGER_URL, timeout=5).close()
        except URLError as error:
            raise ServerUnreachable(str(error)) from error
        return 1

    def offer_messages(self, messages):
        return DeliveryRound(offered=[Handover(message=message) for message in messages])

    def deliver_messages(self, handovers):
        return DeliveryRound(
            outcomes=[self._send(handover.message) for handover in handovers],
            unseen_messages=[message for handover in handovers for message in handover.not_offered],
        )

    def abandon_handovers(self, handovers):
        pass

    def close(self):
        pass

    def _send(self, message):
        try:
            with urlopen(Request(settings.MESSENGER_URL, message.raw), timeout=5) as reply:
                return DeliveryOutcome(message, "accepted", reply.read().decode())
        except HTTPError as error:
            return DeliveryOutcome(message, "refused" if error.code < 500 else "temporary", str(error))
        except OSError as error:
            return DeliveryOutcome(message, "unknown", str(error))


class MessengerSealer:
    def __init__(self):
        self.policy = policy.channel_policy("messenger")

    def seal_message(self, message):
        message.raw = json.dumps({"to": message.address, "text": message.text, "id": message.public_id}).encode()


class MessengerDelivery:
    def open_transport(self):
        return MessengerTransport()

    def create_sealer(self):
        return MessengerSealer()


class MessengerChannel(ChannelKind):
    code = "messenger"
    label = "Messenger"
    icon = "chat"
    address_field = "phone"
    delivery = MessengerDelivery()

    def canonical_address(self, text):
        return "+" + "".join(filter(str.isdigit, text))

    def customers_with_address(self, canonical):
        return Customer.objects.filter(phone=canonical)


register_channel_kind(MessengerChannel())
"""
NOON = "2026-06-10T12:00:00+00:00"
TICKET = {"channel": "messenger", "purpose": "ticket", "topic": "service"}


class Gateway:
    """Takes messages by POST, and refuses those to the numbers that it does not know."""

    def __init__(self, unknown=()):
        self.taken = []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(200)

            def do_POST(self):
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if message["to"] in unknown:
                    return self.answer(404)
                gateway.taken.append(message)
                return self.answer(200)

            def answer(self, status):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def messenger(tmp_path, monkeypatch, at):
    """The channel as if its module stood in the package."""
    at(NOON)
    monkeypatch.setattr(registry, "_channel_kinds", dict(registry._channel_kinds))
    path = tmp_path / "messenger.py"
    path.write_text(MODULE)
    spec = importlib.util.spec_from_file_location("customers.messaging.channels.messenger", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


@pytest.fixture
def send_to(settings):
    def send(gateway):
        with gateway:
            settings.MESSENGER_URL = gateway.url
            return delivery_run.send_due_messages(clock.now())

    return send


def test_message_of_a_new_channel_leaves_by_the_outbox(messenger, make_customer, put, send_to):
    message = put(make_customer("Ann", phone="+85291234567"), text="Your lid is here.", **TICKET)
    gateway = Gateway()

    accepted, again = send_to(gateway), delivery_run.send_due_messages(clock.now())

    message = fresh(message)
    assert (accepted, again) == (1, 0)
    assert gateway.taken == [{"to": "+85291234567", "text": "Your lid is here.", "id": message.public_id}]
    assert (message.state, message.reply, message.html) == ("accepted", "ok", "")
    assert [entry["state"] for entry in message.history] == ["queued", "accepted"]


def test_each_message_has_its_own_outcome(messenger, make_customer, put, send_to):
    known, unknown = (put(make_customer(phone=number), **TICKET) for number in ("+85291234567", "+85290000000"))

    accepted = send_to(Gateway(unknown=["+85290000000"]))

    assert accepted == 1
    assert fresh(known).state == "accepted"
    assert (fresh(unknown).state, fresh(unknown).reason) == ("failed", "refused")


def test_server_that_is_away_pauses_its_own_channel_alone(messenger, make_customer, put, send, settings):
    settings.MESSENGER_URL = "http://127.0.0.1:1/"
    customer = make_customer(phone="+85291234567", email="ann@shop.example")
    waiting, mail = put(customer, **TICKET), put(customer, purpose="ticket", topic="service")

    sink = send()

    assert sink.sent == 1
    assert (fresh(mail).state, fresh(waiting).state, fresh(waiting).attempts) == ("accepted", "queued", 0)
    assert set(Relay.objects.filter(paused_until__gt=clock.now()).values_list("channel", flat=True)) == {"messenger"}


def test_governor_asks_the_channel_for_the_address(messenger, make_customer):
    reachable, unreachable = make_customer(phone="+85291234567"), make_customer(email="ann@shop.example")
    requests = [SendRequest(customer.pk, "ticket", "service", "messenger") for customer in (reachable, unreachable)]

    verdicts = [decision.verdict for decision in governor.decide_send_requests(requests, clock.now())]

    assert [(verdict.outcome, verdict.reason) for verdict in verdicts] == [("send", ""), ("drop", "no_address")]
    assert channels.is_channel_configured("messenger")
    assert addresses.address_digest("messenger", "+852 9123-4567") == addresses.address_digest(
        "messenger", "+85291234567"
    )
