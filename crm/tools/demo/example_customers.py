"""Who the customers are: plain values by seed, then rows by the services."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm.tools.demo import person_names, regions
from crm.tools.demo.example_staff import ExampleStaff
from crm.tools.demo.random_choices import random_stream, weighted_choice
from crm.tools.demo.regions import CustomerRegion
from customers.profiles import customer_writes
from customers.profiles.models import Customer

EXAMPLE_SOURCE = "shanlan"
# Three years and the weeks before them, so that the oldest comparison has somebody to compare.
HISTORY_DAYS = 3 * 365 + 80
MAIL_DOMAINS = ("mail.example", "post.example", "inbox.example")
CUSTOMER_TAGS = {
    "zh-hans": ("品茗会", "送礼", "企业采购", "老茶客"),
    "zh-hant": ("品茗會", "送禮", "企業採購", "老茶客"),
    "en": ("Tasting club", "Gifts", "Wholesale", "Collector"),
}
# Habit → days between orders, chance to stop after each order, share of the customers.
BUYING_HABITS = {
    "once": (0, 1.0, 0.26),
    "seldom": (130, 0.24, 0.33),
    "regular": (72, 0.12, 0.31),
    "devoted": (34, 0.05, 0.10),
}


@dataclass(frozen=True)
class ExampleCustomer:
    """A customer to be: what is known of him, when he comes, how he buys, what he allows."""

    number: int
    region: CustomerRegion
    fields: dict[str, Any]
    joined_at: datetime
    habit: str
    taste: float
    allows: str  # all, care, none or nothing

    @property
    def ref(self) -> tuple[str, str]:
        return (EXAMPLE_SOURCE, f"SL{self.number:06}")


def draw_customers(seed: int, count: int, now: datetime) -> list[ExampleCustomer]:
    """The customers in the order in which they come; the last ones have their birthdays these days."""
    found = [draw_customer(seed, number, now) for number in range(1, count + 1)]
    return sorted(found, key=lambda each: (each.joined_at, each.number))


def draw_customer(seed: int, number: int, now: datetime) -> ExampleCustomer:
    """One customer; nothing depends on how many others there are."""
    dice = random_stream(seed, f"person:{number}")
    region = weighted_choice(dice, [(each, each.share) for each in regions.CUSTOMER_REGIONS])
    is_company = dice.random() < 0.012
    city, store = dice.choice(region.cities)
    habit = weighted_choice(dice, [(name, share) for name, (_gap, _stop, share) in BUYING_HABITS.items()])
    taste = dice.lognormvariate(0, 0.45) * (3 if is_company else 1.5 if habit == "devoted" else 1)
    fields = {
        **draw_name(dice, region, is_company),
        **draw_birthday(dice, number, region, now.astimezone(regions.HOME_ZONE).date()),
    }
    latin = fields.pop("latin")
    fields |= {
        "is_company": is_company,
        "email": f"{latin}{number}@{dice.choice(MAIL_DOMAINS)}" if dice.random() < 0.93 else None,
        "phone": region.phone.format(number % 10 ** int(region.phone[-2])) if dice.random() < 0.8 else None,
        "language": region.language,
        "time_zone": region.zone,
        "city": city,
        "country": region.country,
        "home_store": regions.STORES.get(store, ""),
        "source": "pos" if store else "web",
        "tags": [dice.choice(CUSTOMER_TAGS[region.language])] if dice.random() < 0.22 else [],
        "value_grade": "A" if taste > 1.9 else "B" if taste > 1.2 else "C" if taste > 0.7 else "D",
    }
    return ExampleCustomer(
        number=number,
        region=region,
        fields=fields,
        joined_at=draw_joined_at(dice, region, now),
        habit=habit,
        taste=taste,
        allows=weighted_choice(dice, [("all", 0.58), ("care", 0.2), ("none", 0.05), ("nothing", 0.17)]),
    )


def draw_name(dice: random.Random, region: CustomerRegion, is_company: bool) -> dict[str, Any]:
    """Family name first in Chinese; traditional characters in Hong Kong and Taiwan."""
    if region.language == "en":
        first, last = dice.choice(person_names.FIRST), dice.choice(person_names.LAST)
        latin = "".join(
            sign for sign in f"{first}.{last}".lower() if sign.isascii() and (sign.isalpha() or sign == ".")
        )
        return {"display_name": f"{first} {last}", "given_name": first, "family_name": last, "latin": latin}
    script = 0 if region.language == "zh-hans" else 1
    family, given = dice.choice(person_names.FAMILY_NAMES), dice.choice(person_names.GIVEN_NAMES)
    latin = "".join(sign for sign in f"{given[2]}.{family[2]}" if sign.isascii())
    if is_company:
        company = dice.choice(person_names.COMPANY_NAMES)
        return {"display_name": company[script], "latin": latin}
    full = family[script] + given[script]
    return {"display_name": full, "family_name": family[script], "given_name": given[script], "latin": latin}


def draw_birthday(dice: random.Random, number: int, region: CustomerRegion, today: date) -> dict[str, Any]:
    """Two of three told theirs; some by the lunar calendar; a handful have it today or in the next days."""
    if dice.random() > 0.66:
        return {}
    day = date(1958, 1, 1) + timedelta(days=dice.randrange(47 * 365))
    if number % 600 == 7:
        soon = today + timedelta(days=number // 600 % 3)
        return {"birth_month": soon.month, "birth_day": soon.day, "birth_year": 1988}
    is_lunar = region.language != "en" and dice.random() < 0.12
    found = {"birth_month": day.month, "birth_day": min(day.day, 29) if is_lunar else day.day}
    found["birthday_calendar"] = "lunar" if is_lunar else "solar"  # type: ignore[assignment]
    return {**found, "birth_year": day.year} if dice.random() < 0.8 else found


def draw_joined_at(dice: random.Random, region: CustomerRegion, now: datetime) -> datetime:
    """Somewhere in the three years, more in the later ones, by day."""
    back = timedelta(days=HISTORY_DAYS * (1 - dice.random() ** 0.8))
    day = (now - back).astimezone(ZoneInfo(region.zone)).date()
    moment = datetime.combine(day, time(dice.randrange(9, 21), dice.randrange(60)), ZoneInfo(region.zone))
    return min(moment, now - timedelta(hours=1))


def save_customers(examples: Sequence[ExampleCustomer], staff: ExampleStaff, at: datetime) -> list[Customer]:
    """Customers as rows, in the order given; the good ones have an owner."""
    made = []
    for each in examples:
        owner, team = staff.owner_of(
            each.number, each.region.country, each.fields["home_store"], each.fields["value_grade"]
        )
        made.append(Customer(**each.fields, owner=owner, team=team))
    pairs = list(zip(made, [each.ref for each in examples], strict=True))
    customer_writes.save_customers(created=pairs, changed=[], linked=[], at=at, live=False)
    return made


def group_by_fortnight(examples: Sequence[ExampleCustomer]) -> Iterator[list[ExampleCustomer]]:
    """Those who come within the same two weeks, in order."""
    group: list[ExampleCustomer] = []
    for each in examples:
        if group and each.joined_at - group[0].joined_at >= timedelta(days=14):
            yield group
            group = []
        group.append(each)
    if group:
        yield group
