"""Says what is wrong with an installation, in sentences: `manage.py doctor`."""

from collections.abc import Callable

from crm.kernel.doctor import business, database, surroundings
from crm.kernel.doctor.findings import Finding, problem

Check = Callable[[], Finding]

OF_DATABASE: list[Check] = [
    database.version,
    database.encoding,
    database.chinese_search,
    database.extensions,
    database.roles,
    database.migrations,
    database.time,
    database.rhythm,
    business.postal_address,
]
OF_SURROUNDINGS: list[Check] = [
    surroundings.broker,
    surroundings.mail,
    surroundings.disk,
    surroundings.secret_key,
    surroundings.address_key,
    surroundings.address,
    surroundings.product_clock,
    surroundings.trust,
]


def examine() -> list[Finding]:
    """Every check once; where the database does not answer, one finding stands for all that need it."""
    reachable = database.answers()
    found = [reachable]
    if reachable.grade == "good":
        found += [_run(check) for check in OF_DATABASE]
    return found + [_run(check) for check in OF_SURROUNDINGS]


def _run(check: Check) -> Finding:
    """A check that itself fails is a problem with its reason, never the end of the examination."""
    try:
        return check()
    except Exception as error:
        return problem(check.__name__.replace("_", " "), f"Could not be examined: {type(error).__name__}: {error}")
