"""The pages of the basement: jobs, the own profile."""

from crm.kernel.people.models import User
from tests.house.gallery import Page
from tests.house.rights.kernel import job_of


def more_jobs(owner: User, count: int) -> None:
    for _number in range(count):
        job_of(owner)


PAGES = [
    Page("kernel:job_list", more=more_jobs),
    Page("kernel:job", at=job_of),
    Page("kernel:profile"),
    Page("kernel:components"),
]
NOT_PAGES = {
    "kernel:healthz": "for supervisors",
    "kernel:readyz": "for balancers",
    "kernel:statusz": "for monitors",
    "kernel:job_progress": "a fragment that polls itself",
    "kernel:job_file": "a download",
}
