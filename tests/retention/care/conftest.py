"""Programmes that are on, and customers who agreed to hear from us."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel import company
from crm.kernel.time import clock
from customers.messaging import consent
from customers.profiles.models import Customer
from retention.care import defaults, services, version_settings
from retention.care.models import CareProgram


@pytest.fixture
def programs(db: None) -> dict[str, CareProgram]:
    """The programmes of a fresh start, off, in a company that has said where it is."""
    company.change_settings(company.CompanySettings, {"postal_address": "1 Evergreen Road, Shanghai"}, by=None)
    defaults.ensure_default_programs()
    return {program.key: program for program in CareProgram.objects.all()}


@pytest.fixture
def turn_on(programs: dict[str, CareProgram]) -> Callable[..., CareProgram]:
    """Switch a programme on with a holdout (none unless given) and settings; as of the product's clock."""

    def start(key: str, *, holdout: str = "0", since: datetime | None = None, **settings: Any) -> CareProgram:
        program = CareProgram.objects.get(pk=programs[key].pk)
        at = since or clock.now()
        wanted = version_settings.parse_settings(program.kind, settings)
        program = services.change_program_settings(
            program=program, share=Decimal(holdout), settings=wanted, at=at, by=None
        )
        services.start_program(program=program, at=at, by=None, smallest_effect=Decimal("0.03"))
        return CareProgram.objects.get(pk=program.pk)

    return start


@pytest.fixture
def make_reader(make_customer: Callable[..., Customer]) -> Callable[..., Customer]:
    """A customer who can be reached by care mail."""

    def make(
        name: str = "Olivia Hartmann", *, birthday: tuple[int, int] | None = None, agrees: bool = True, **fields: Any
    ) -> Customer:
        number = Customer.objects.count() + 1
        if birthday:
            fields |= {"birth_month": birthday[0], "birth_day": birthday[1]}
        customer = make_customer(
            name, **{"email": f"reader{number}@example.com", "time_zone": "Asia/Shanghai", **fields}
        )
        if agrees:
            consent.give_consent(customer=customer, channel="email", topics=["care"], source="form", at=clock.now())
        return customer

    return make
