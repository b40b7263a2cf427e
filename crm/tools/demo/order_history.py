"""When customers buy and what: plain values by seed, then rows by the services, week after week."""

import random
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from zoneinfo import ZoneInfo

from crm.tools.demo import regions
from crm.tools.demo.example_customers import BUYING_HABITS, EXAMPLE_SOURCE, ExampleCustomer
from crm.tools.demo.products import EXAMPLE_PRODUCTS, ExampleProduct
from crm.tools.demo.random_choices import random_stream, weighted_choice
from customers.orders.models import ExchangeRate
from customers.orders.services import IncomingOrder, IncomingOrderLine

CENT = Decimal("0.01")
# How a month sells against the best one: New Year, spring harvest, Mid-Autumn, Singles’ Day, Christmas.
SEASON_FACTORS = {
    1: 0.95,
    2: 0.72,
    3: 0.75,
    4: 0.88,
    5: 0.76,
    6: 0.7,
    7: 0.62,
    8: 0.66,
    9: 0.98,
    10: 0.72,
    11: 1.0,
    12: 0.86,
}
# Some stay away for a year and come back.
ABSENCE_CHANCE = 0.02
UNITS_PER_CNY = {"CNY": Decimal(1), "HKD": Decimal("1.09"), "TWD": Decimal("4.4"), "USD": Decimal("0.15")}
PRICE_STEPS = {"TWD": Decimal(5), "HKD": Decimal(1), "CNY": Decimal(1), "USD": Decimal("0.5")}


def purchase_times(seed: int, person: ExampleCustomer, now: datetime) -> list[datetime]:
    """The instants at which a customer buys of his own accord, the first when he comes."""
    dice = random_stream(seed, f"rhythm:{person.number}")
    gap, stop, _share = BUYING_HABITS[person.habit]
    moments, at = [person.joined_at], person.joined_at
    while dice.random() >= stop:
        at += timedelta(days=max(3.0, gap * dice.lognormvariate(0, 0.35)))
        if dice.random() < ABSENCE_CHANCE:
            at += timedelta(days=dice.randrange(300, 480))
        while dice.random() > SEASON_FACTORS[at.month]:
            at += timedelta(days=dice.randrange(4, 18))
        if at >= now:
            break
        moments.append(move_into_shop_hours(dice, at, person.region.zone))
    return [moment for moment in moments if moment < now]


def move_into_shop_hours(dice: random.Random, at: datetime, zone: str) -> datetime:
    """The same local day, between opening and closing."""
    local = at.astimezone(ZoneInfo(zone)).date()
    return datetime.combine(local, time(dice.randrange(9, 22), dice.randrange(60), dice.randrange(60)), ZoneInfo(zone))


def draw_order(seed: int, person: ExampleCustomer, customer_id: int, at: datetime, number: int) -> IncomingOrder:
    """What he buys at an instant: a few articles, sometimes reduced; a few orders are cancelled."""
    dice = random_stream(seed, f"basket:{person.number}:{at:%Y%m%d%H%M}")
    is_online = not person.fields["home_store"] or dice.random() < 0.34
    currency = person.region.currency
    offered = weighted_products(at.month)
    articles = dict.fromkeys(weighted_choice(dice, offered) for _n in range(weighted_choice(dice, BASKET_SIZES)))
    rate = UNITS_PER_CNY[currency]
    lines = []
    for article in articles:
        unit = round_shop_price(Decimal(article.price) * rate, currency)
        quantity = draw_quantity(dice, person, article.is_gift)
        discount = (
            (unit * quantity * Decimal("0.1")).quantize(CENT, ROUND_HALF_UP) if dice.random() < 0.12 else Decimal(0)
        )
        lines.append(
            IncomingOrderLine(
                article.sku, Decimal(quantity), unit, discount, name=article.name, category=article.category
            )
        )
    goods = sum((line.net for line in lines), Decimal(0))
    luck = dice.random()
    return IncomingOrder(
        source=EXAMPLE_SOURCE,
        number=f"{'W' if is_online else 'S'}{at:%y%m}-{number:05}",
        customer_id=customer_id,
        placed_at=at,
        currency=currency,
        lines=tuple(lines),
        status="cancelled" if luck < 0.012 else "paid" if luck < 0.1 else "delivered",
        channel=weighted_choice(dice, ONLINE_CHANNELS) if is_online else "门店 Store",
        store="" if is_online else person.fields["home_store"],
        fulfilment="快递 Delivery" if is_online else "自提 Pick-up",
        shipping_total=Decimal(0) if not is_online or goods > 200 * rate else round_shop_price(15 * rate, currency),
    )


BASKET_SIZES = [(1, 0.5), (2, 0.3), (3, 0.15), (4, 0.05)]
ONLINE_CHANNELS = [("网店 Web shop", 0.5), ("微信 WeChat", 0.32), ("天猫 Tmall", 0.18)]


@cache
def weighted_products(month: int) -> list[tuple[ExampleProduct, float]]:
    """Articles with their weights; presents sell before the feasts."""
    feast = {1: 3.5, 9: 4, 12: 2.5}.get(month, 0.7)
    return [(each, each.weight * (feast if each.is_gift else 1)) for each in EXAMPLE_PRODUCTS]


def draw_quantity(dice: random.Random, person: ExampleCustomer, is_gift: bool) -> int:
    """Companies buy presents by the dozen."""
    if person.fields["is_company"]:
        return dice.randrange(4, 16) if is_gift else dice.randrange(2, 5)
    return 1 + (dice.random() < 0.22 * person.taste) + (dice.random() < 0.12 * person.taste)


def round_shop_price(amount: Decimal, currency: str) -> Decimal:
    """A price as shops write it."""
    step = PRICE_STEPS[currency]
    return max(step, (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


def create_exchange_rates(start: date) -> None:
    """One rate per year and currency."""
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(currency=currency, day=start.replace(day=1) + timedelta(days=365 * year), rate=Decimal(rate))
            for currency, rates in regions.EXCHANGE_RATES.items()
            for year, rate in enumerate(rates)
        ],
        ignore_conflicts=True,
    )
