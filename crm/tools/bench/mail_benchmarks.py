"""Mail: the outbox's workers against bare smtplib and Django's own loop, to one mail server in a process of its own."""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time
from itertools import count
from typing import Any

from django.conf import settings
from django.core import mail
from django.template import engines

from crm.kernel import company
from crm.kernel.time import clock
from crm.tools.bench.aims import at_least_times
from crm.tools.bench.line_process import LineProcess
from crm.tools.bench.page_benchmarks import fetch_rows
from crm.tools.bench.timing import OURS, WorkBenchmark
from customers.messaging.content import mail_layout, template_language
from customers.messaging.models import DailySlot
from customers.messaging.outbox import MessageDraft, claims, enqueue_messages, preparation
from customers.messaging.policy import MessagingSettings
from retention.care.triggers.birthday import BirthdayTrigger

MAILS, AT_A_TIME = 1000, 250
OCCASION_NUMBERS = count()
SENDER_ADDRESS = "care@bench.example"
LANGUAGE = "zh-hans"
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
RECIPIENTS_SQL = "SELECT id, email, display_name FROM customers_customer WHERE source = 'bench' ORDER BY id LIMIT %s"
BARE, DJANGO = "bare smtplib", "Django's loop"
MAIL_AIMS = {BARE: at_least_times(0.35), DJANGO: at_least_times(2)}


class MailWorkload:
    """A birthday letter to the same thousand people: by the outbox, as one fixed body, and by Django's loop."""

    sink: LineProcess
    senders: list[LineProcess]
    people: list[tuple[Any, ...]]
    fixed: bytes

    @contextmanager
    def opened(self) -> Iterator[None]:
        """The mail server and the workers run; it is day everywhere."""
        company.change_settings(MessagingSettings, {"quiet_from": time(0), "quiet_until": time(0)}, by=None)
        self.sink = LineProcess("crm.tools.bench.counting_sink")
        url = f"smtp://127.0.0.1:{self.sink.ready}"
        self.senders = [
            LineProcess("crm.tools.bench.mail_worker", EMAIL_URL=url) for _number in range(settings.MAIL_SENDERS)
        ]
        self.began = int(clock.now().timestamp())
        self.people = fetch_rows(RECIPIENTS_SQL, [MAILS])
        self.rung: list[LineProcess] = []
        try:
            self.new_day()
            self.put_in()
            self.fixed = _sealed_message()
            self.send()
            yield
        finally:
            for process in (*self.senders, self.sink):
                process.close()

    def new_day(self) -> None:
        """Nobody has had his message of the day."""
        DailySlot.objects.all().delete()

    def lay_ready(self, side: str) -> None:
        """What `send` finds in the outbox."""
        if side == OURS:
            self.new_day()
            self.put_in()

    def put_in(self, then: Callable[[], None] = lambda: None) -> None:
        """A draft for each of them through the door, by the chunk, as a programme does it."""
        occasion = f"bench:{self.began}:{next(OCCASION_NUMBERS)}"
        drafts = [
            MessageDraft(customer_id=pk, purpose="care", topic="care", source_type="bench", source_id=1, occasion_key=occasion,
                  texts=BirthdayTrigger.default_program.texts)
            for pk, _email, _name in self.people
        ]  # fmt: skip
        for start in range(0, len(drafts), AT_A_TIME):
            enqueue_messages(drafts[start : start + AT_A_TIME], clock.now())
            then()

    def send(self) -> str:
        """What the outbox has, by all its workers; claims, `data_started` and results committed."""
        self.ring()
        return self.sent()

    def put_in_and_send(self) -> str:
        """The workers are rung after each chunk, as the doorbell does it."""
        self.put_in(self.ring)
        return self.sent()

    def ring(self) -> None:
        for sender in self.senders:
            sender.ask()
            self.rung.append(sender)

    def sent(self) -> str:
        """What the mail server took when all workers have done what they were rung for."""
        while self.rung:
            self.rung.pop().answer()
        return self.tally()

    def fixed_body(self) -> str:
        """One of our letters, unchanged, to everybody over one connection."""
        with smtplib.SMTP("127.0.0.1", int(self.sink.ready)) as server:
            for _pk, email, _name in self.people:
                server.sendmail(SENDER_ADDRESS, [email], self.fixed)
        return self.tally()

    def django_loop(self) -> str:
        """The same letter from compiled templates over one connection; nothing is asked and nothing written down."""
        subject, text, html = (engines["django"].from_string(source) for source in _template_sources())
        with mail.get_connection(SMTP_BACKEND, host="127.0.0.1", port=int(self.sink.ready)) as server:
            for _pk, email, name in self.people:
                values = {"name": name, "company": company.get_company().name, "token": "t" * 43}
                headers = {"List-Unsubscribe": f"<{mail_layout.unsubscribe_url(values['token'])}>"}
                message = mail.EmailMultiAlternatives(
                    subject.render(values),
                    text.render(values),
                    SENDER_ADDRESS,
                    [email],
                    connection=server,
                    headers=headers,
                )
                message.attach_alternative(html.render(values), "text/html")
                message.send()
        return self.tally()

    def tally(self) -> str:
        self.sink.ask()
        return self.sink.answer()


def sending_benchmark() -> WorkBenchmark:
    """What is queued goes out."""
    post = MailWorkload()
    return WorkBenchmark(
        "sending mail", post.send, post.fixed_body, each=MAILS, per_second=True, rounds=7, limit=BARE,
        peers={DJANGO: post.django_loop}, aims=MAIL_AIMS, around=post.opened, prepare=post.lay_ready,
    )  # fmt: skip


def writing_and_sending_benchmark() -> WorkBenchmark:
    """From drafts to the mail server: consent, suppression, cap, letter and row, while the workers send."""
    post = MailWorkload()
    return WorkBenchmark(
        "writing and sending", post.put_in_and_send, post.fixed_body, each=MAILS, per_second=True, rounds=7, limit=BARE,
        peers={DJANGO: post.django_loop}, around=post.opened, prepare=lambda side: post.new_day(),
    )  # fmt: skip


def _sealed_message() -> bytes:
    message = claims.claim_messages(clock.now(), 1)[0]
    preparation.EnvelopeSealer().seal_message(message)
    claims.release_messages([message])
    return message.raw


def _template_sources() -> tuple[str, str, str]:
    """Subject, text and page of our letter as Django templates."""
    letter = BirthdayTrigger.default_program.texts[LANGUAGE]
    inner, text = template_language.fill_body(letter["body"], {"name": "{{ name }}", "company": "{{ company }}"})
    frame = mail_layout.mail_frame(LANGUAGE, "care", "care", company.get_company(), has_agreed=True)
    page = frame.around_html(inner, subject=letter["subject"], token="{{ token }}")
    return letter["subject"], frame.around_text(text, token="{{ token }}"), page
