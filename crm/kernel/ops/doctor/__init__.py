"""Says what is wrong with an installation, in sentences: `manage.py doctor`."""

from collections.abc import Callable

from crm.kernel.ops.doctor import company_checks, database_checks, environment_checks
from crm.kernel.ops.doctor.findings import Finding, problem

Check = Callable[[], Finding]

OF_DATABASE: list[Check] = [
    database_checks.version,
    database_checks.encoding,
    database_checks.chinese_search,
    database_checks.extensions,
    database_checks.roles,
    database_checks.migrations,
    database_checks.time,
    database_checks.rhythm,
    company_checks.postal_address,
]
OF_SURROUNDINGS: list[Check] = [
    environment_checks.broker,
    environment_checks.mail,
    environment_checks.disk,
    environment_checks.secret_key,
    environment_checks.address_key,
    environment_checks.address,
    environment_checks.product_clock,
    environment_checks.trust,
]


def examine() -> list[Finding]:
    """Every check once; where the database does not answer, one finding stands for all that need it."""
    reachable = database_checks.answers()
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
