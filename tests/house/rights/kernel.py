"""Who may use the routes of the basement: health, jobs, preferences."""

from typing import Any

from crm.kernel.api.services import create_api_key
from crm.kernel.auth.models import User
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from tests.house.matrix import PRIVATE, PUBLIC, SHARED, SIGNED_IN, Row


def job_of(owner: User) -> dict[str, Any]:
    job = Job.objects.create(kind="import", user=owner, title="Orders of March", created_at=clock.now())
    return {"public_id": job.public_id}


def finished_job_of(owner: User) -> dict[str, Any]:
    from django.core.files.base import ContentFile

    found = job_of(owner)
    job = Job.objects.get(**found)
    job.file_name = "orders.csv"
    job.file.save("orders.csv", ContentFile(b"number,total"))
    return found


def a_person(owner: User) -> dict[str, Any]:
    return {"public_id": owner.public_id}


def a_key(owner: User) -> dict[str, Any]:
    key, _secret = create_api_key(name="Web shop", scopes=["orders:write", "points:read"], by=owner)
    return {"public_id": key.public_id}


ROWS = [
    Row("kernel:healthz", PUBLIC),
    Row("kernel:readyz", PUBLIC),
    Row("kernel:statusz", "status.view"),
    Row("kernel:job_list", SIGNED_IN),
    Row("kernel:job", SIGNED_IN, at=job_of, reach=PRIVATE),
    Row("kernel:job_progress", SIGNED_IN, at=job_of, reach=PRIVATE),
    Row("kernel:job_cancel", SIGNED_IN, "post", at=job_of, reach=PRIVATE),
    Row("kernel:job_file", SIGNED_IN, at=finished_job_of, reach=PRIVATE),
    Row("kernel:language", PUBLIC, "post", data={"language": "zh-hans"}),
    Row("kernel:theme", PUBLIC, "post", data={"theme": "dark"}),
    Row("kernel:profile", SIGNED_IN),
    Row("kernel:profile", SIGNED_IN, "post", data={}),
    Row("kernel:components", SIGNED_IN),
    Row("kernel:settings", "settings.manage"),
    Row("kernel:user_list", "users.manage"),
    Row("kernel:user_new", "users.manage"),
    Row("kernel:user_new", "users.manage", "post", data={}),
    Row("kernel:user", "users.manage", at=a_person, reach=SHARED),
    Row("kernel:user", "users.manage", "post", at=a_person, reach=SHARED, data={}),
    Row("kernel:user_link", "users.manage", "post", at=a_person, reach=SHARED),
    Row("kernel:team_new", "users.manage", "post", data={"name": "East"}),
    Row("kernel:key_list", "api.manage"),
    Row("kernel:key_new", "api.manage"),
    Row("kernel:key_new", "api.manage", "post", data={}),
    Row("kernel:key_revoke", "api.manage", at=a_key, reach=SHARED),
    Row("kernel:key_revoke", "api.manage", "post", at=a_key, reach=SHARED, data={}),
    Row("kernel:audit_list", "audit.view"),
    Row("kernel:settings_group", "settings.manage", at=lambda owner: {"name": "company"}, reach=SHARED),
    Row("kernel:settings_group", "settings.manage", "post", at=lambda owner: {"name": "company"}, reach=SHARED),
    Row("kernel:notifications", SIGNED_IN),
    Row("kernel:notifications", SIGNED_IN, "post"),
    Row("kernel:unread", SIGNED_IN),
]
