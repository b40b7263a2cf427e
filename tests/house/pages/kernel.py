"""The pages of the basement: jobs, the own profile."""

from typing import Any

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.ui import notifications
from tests.house.gallery import Page
from tests.house.rights.kernel import a_key, a_person, job_of


def more_jobs(owner: User, count: int) -> None:
    for _number in range(count):
        job_of(owner)


def notices_of(owner: User) -> dict[str, Any]:
    for state in ("done", "failed", "cancelled"):
        notifications.notify_users([owner.pk], "job_finished", url="/jobs/", title="Import 2026-03", state=state)
    return {}


def more_people(owner: User, count: int) -> None:
    known = User.objects.count()
    User.objects.bulk_create(
        User(email=f"person{known + number}@gallery.example", name="Gao Mei", role="sales", team=owner.team)
        for number in range(count)
    )


def more_keys(owner: User, count: int) -> None:
    for _number in range(count):
        a_key(owner)


def more_acts(owner: User, count: int) -> None:
    for _number in range(count):
        audit.record_audit_entry(
            "customer.changed", owner, by=owner, before={"name": "Li Na"}, after={"name": "Li Nan"}
        )


PAGES = [
    Page("kernel:job_list", more=more_jobs),
    Page("kernel:job", at=job_of),
    Page("kernel:profile"),
    Page("kernel:components"),
    Page("kernel:settings"),
    Page("kernel:user_list", more=more_people),
    Page("kernel:user_new"),
    Page("kernel:user", at=a_person),
    Page("kernel:settings_group", at=lambda owner: {"name": "company"}),
    Page("kernel:key_list", more=more_keys),
    Page("kernel:key_new"),
    Page("kernel:key_revoke", at=a_key),
    Page("kernel:audit_list", more=more_acts),
    Page("kernel:notifications", at=notices_of),
]
NOT_PAGES = {
    "kernel:unread": "a fragment on the bell",
    "kernel:healthz": "for supervisors",
    "kernel:readyz": "for balancers",
    "kernel:statusz": "for monitors",
    "kernel:job_progress": "a fragment that polls itself",
    "kernel:job_file": "a download",
}
