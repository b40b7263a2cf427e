"""Three years in a minute: the company is founded, lives month by month, at last by the fortnight, and is what it is today."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count, pairwise
from typing import Any

from django.db import transaction

from crm.kernel import company
from crm.kernel.background.events.models import Event, EventDelivery
from crm.kernel.ops import defaults
from crm.kernel.time import clock, periods
from crm.tools.demo import (
    api_keys,
    at_risk_backfill,
    care_history,
    consents,
    example_customers,
    example_staff,
    import_files,
    loyalty_history,
    order_history,
    products,
    recent_tickets,
    regions,
    staff_work,
    survey_history,
    ticket_history,
)
from crm.tools.demo.example_customers import HISTORY_DAYS, ExampleCustomer
from crm.tools.demo.example_staff import ExampleStaff
from crm.tools.demo.random_choices import random_stream
from customers.orders.models import Order
from customers.orders.services import record_orders
from customers.profiles.models import Customer
from feedback.surveys.models import Response
from loyalty.points import ledger_check
from retention.reports import services as reports
from retention.reports.models import AtRiskDay

ProgressCallback = Callable[[str], None]
COMPANY_SETTINGS = {
    "name": "山岚茶 Shanlan Tea",
    "postal_address": "上海市静安区愚园路 1 号 · 1 Yuyuan Road, Shanghai",
    "language": "zh-hans",
}
ORDER_BATCH_SIZE = 1000
FORTNIGHTLY_FOR = timedelta(weeks=44)


class CompanyHistory:
    """The company while it lives: who came, who will buy when, and where its days have got to."""

    def __init__(self, *, seed: int, customers: int, now: datetime, password: str, say: ProgressCallback) -> None:
        # What chance draws ends with yesterday: whoever makes the company at another hour of the day gets the same one.
        self.now = periods.local_midnight(now.astimezone(regions.HOME_ZONE).date(), regions.HOME_ZONE)
        self.seed, self.say, self.password = seed, say, password
        self.coming = example_customers.draw_customers(seed, customers, self.now)
        self.known: dict[int, tuple[ExampleCustomer, int]] = {}  # number → person, customer id
        self.by_customer: dict[int, int] = {}
        self.diary: list[tuple[datetime, int]] = []
        self.numbers = count(1)
        self.staff = ExampleStaff()
        self.scale = max(0.05, customers / 5000)

    @transaction.atomic
    def live(self) -> ExampleStaff:
        """All or nothing: the example company stands when this commits."""
        mark = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        start = (self.now - timedelta(days=HISTORY_DAYS + 1)).replace(hour=2, minute=7)
        self._found(start)
        for since, until in self._spans(start):
            with clock.move_clock(until):
                self._span(since, until)
        self._finish()
        # What was told to later listeners is history: they would answer it today.
        EventDelivery.objects.filter(event_id__gt=mark, state=EventDelivery.State.DUE).update(
            state=EventDelivery.State.DONE
        )
        return self.staff

    def _found(self, start: datetime) -> None:
        self.staff = example_staff.create_staff(self.password)
        company.change_settings(company.CompanySettings, COMPANY_SETTINGS, by=self.staff["admin"])
        with clock.move_clock(start):
            defaults.ensure_defaults()
            products.create_products(start)
            order_history.create_exchange_rates(start.date())
            loyalty_history.create_rewards(start)

    def _spans(self, start: datetime) -> list[tuple[datetime, datetime]]:
        """Months at first, fortnights at last."""
        marks = [start]
        while marks[-1] < self.now:
            step = timedelta(days=28 if marks[-1] + timedelta(days=28) <= self.now - FORTNIGHTLY_FOR else 14)
            marks.append(min(marks[-1] + step, self.now))
        return list(pairwise(marks))

    def _span(self, since: datetime, until: datetime) -> None:
        self._arrive(until)
        bought = self._buy(until)
        dice = random_stream(self.seed, f"span:{until:%Y%m%d}")
        loyalty_history.refund_some_orders(orders=bought, at=until, dice=dice, staff=self.staff)
        if since.month != until.month:
            self.say(f"{until:%Y-%m}: {len(self.known):,} customers")
            loyalty_history.close_month(at=until, dice=dice, staff=self.staff)
        answers = self._ask(since, until)
        self._serve(bought, answers, until)
        self._care(since, until)

    def _arrive(self, until: datetime) -> None:
        """Those who come in this span, by the fortnight, with what they allow."""
        arrived = []
        while self.coming and self.coming[0].joined_at < until:
            arrived.append(self.coming.pop(0))
        for group in example_customers.group_by_fortnight(arrived):
            at = min(group[0].joined_at, until)
            made = example_customers.save_customers(group, self.staff, at)
            consents.record_consents(list(zip(group, made, strict=True)), at)
            for person, customer in zip(group, made, strict=True):
                self.known[person.number] = (person, customer.pk)
                self.by_customer[customer.pk] = person.number
                for moment in order_history.purchase_times(self.seed, person, self.now):
                    heapq.heappush(self.diary, (moment, person.number))

    def _buy(self, until: datetime) -> list[Order]:
        wanted = []
        while self.diary and self.diary[0][0] < until:
            moment, number = heapq.heappop(self.diary)
            person, customer_id = self.known[number]
            wanted.append(order_history.draw_order(self.seed, person, customer_id, moment, next(self.numbers)))
        bought: list[Order] = []
        for start in range(0, len(wanted), ORDER_BATCH_SIZE):
            batch = wanted[start : start + ORDER_BATCH_SIZE]
            recorded = record_orders(orders=batch, at=until, live=False, earn=True)
            bought += [recorded.orders[order.source, order.number] for order in batch]
        return bought

    def _ask(self, since: datetime, until: datetime) -> list[Response]:
        """Recommendation every month, of a part of the buyers; satisfaction once in half a year."""
        answers: list[Response] = []
        for key, days, most, offset in (("nps", 30, 100, 6), ("csat", 182, 160, 18)):
            before, after = (self.now - since).days - offset, (self.now - until).days - offset
            if before // days != after // days and after >= -offset:
                dice = random_stream(self.seed, f"{key}:{until:%Y%m%d}")
                answers += survey_history.ask_survey_round(
                    key=key, at=until, dice=dice, staff=self.staff, most=round(most * self.scale) + 8, now=self.now
                )
        return answers

    def _serve(self, bought: list[Order], answers: list[Response], until: datetime) -> None:
        dice = random_stream(self.seed, f"tickets:{until:%Y%m%d}")
        cases = ticket_history.cases_of_orders(orders=bought, dice=dice, staff=self.staff, now=self.now)
        cases += ticket_history.cases_of_responses(responses=answers, dice=dice, staff=self.staff, now=self.now)
        if cases:
            ticket_history.save_cases(cases, dice=dice, now=self.now)

    def _care(self, since: datetime, until: datetime) -> None:
        """Programmes run; whom the lapsed one reached may come back, who was held out only of his own accord."""
        care_history.start_due_programs(since=since, until=until, now=self.now, staff=self.staff)
        dice = random_stream(self.seed, f"care:{until:%Y%m%d}")
        last = min(until, self.now - timedelta(hours=26))
        for customer_id in care_history.run_programs(until=last, dice=dice):
            number = self.by_customer[customer_id]
            luck = random_stream(self.seed, f"back:{number}:{until:%Y%m%d}")
            if luck.random() < care_history.WIN_BACK_RATE:
                moment = until + timedelta(days=luck.randrange(1, 45), hours=luck.randrange(3))
                if moment < self.now:
                    heapq.heappush(self.diary, (moment, number))

    def _finish(self) -> None:
        self.say("last touches")
        dice = random_stream(self.seed, "finish")
        self.now = clock.now()
        consents.withdraw_and_suppress(dice=dice, at=self.now - timedelta(days=9))
        staff_work.create_staff_work(dice=dice, staff=self.staff, now=self.now)
        newest = Order.objects.exclude(status="cancelled").select_related("customer").order_by("-placed_at", "-pk")
        fresh = list(newest[: max(len(recent_tickets.TICKET_FATES) * 2, round(40 * self.scale))])
        ticket_history.save_cases(
            recent_tickets.draw_recent_cases(orders=fresh, dice=dice, staff=self.staff, now=self.now),
            dice=dice,
            now=self.now,
        )
        ticket_history.push_open_ticket_counts(self.now)
        survey_history.expire_invitations(self.now)
        care_history.plan_up_to_now(self.now)
        api_keys.create_api_keys(staff=self.staff, now=self.now)
        import_files.import_and_export_files(
            dice=random_stream(self.seed, "files"), seed=self.seed, staff=self.staff, now=self.now
        )
        reports.record_at_risk_day(at=self.now)
        at_risk_backfill.backfill_at_risk_days(self.now)
        ledger_check.record_ledger_proof(self.now)


def count_example_rows() -> dict[str, Any]:
    """What there is now, for the summary that the command prints."""
    return {
        "customers": Customer.objects.count(),
        "orders": Order.objects.count(),
        "at_risk_days": AtRiskDay.objects.count(),
    }
