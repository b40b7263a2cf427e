"""Says what is wrong with an installation, in sentences: `manage.py doctor`."""

from collections.abc import Callable

from crm.kernel.ops.doctor import company_checks, database_checks, environment_checks
from crm.kernel.ops.doctor.findings import DoctorFinding, problem_finding

InstallationCheck = Callable[[], DoctorFinding]

DATABASE_CHECKS: list[InstallationCheck] = [
    database_checks.check_version,
    database_checks.check_encoding,
    database_checks.check_chinese_search,
    database_checks.check_extensions,
    database_checks.check_roles,
    database_checks.check_migrations,
    database_checks.check_time,
    database_checks.check_rhythm,
    company_checks.check_postal_address,
]
ENVIRONMENT_CHECKS: list[InstallationCheck] = [
    environment_checks.check_broker,
    environment_checks.check_mail,
    environment_checks.check_disk,
    environment_checks.check_secret_key,
    environment_checks.check_address_key,
    environment_checks.check_address,
    environment_checks.check_product_clock,
    environment_checks.check_trust,
]


def register_database_check(check: InstallationCheck) -> None:
    """Add an area's own check, asked where the database answers."""
    DATABASE_CHECKS.append(check)


def examine_installation() -> list[DoctorFinding]:
    """Every check once; where the database does not answer, one finding stands for all that need it."""
    reachable = database_checks.check_connection()
    found = [reachable]
    if reachable.grade == "good":
        found += [_run_check(check) for check in DATABASE_CHECKS]
    return found + [_run_check(check) for check in ENVIRONMENT_CHECKS]


def _run_check(check: InstallationCheck) -> DoctorFinding:
    """A check that itself fails is a problem with its reason, never the end of the examination."""
    try:
        return check()
    except Exception as error:
        return problem_finding(
            check.__name__.removeprefix("check_").replace("_", " "),
            f"Could not be examined: {type(error).__name__}: {error}",
        )
