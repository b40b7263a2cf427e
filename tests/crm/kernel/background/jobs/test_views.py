"""Pages of a job: its owner sees and stops it and takes its file; to anybody else it does not exist."""

import pytest

from crm.kernel.background import jobs
from crm.kernel.background.jobs.models import Job


@pytest.fixture
def owner(make_user):
    return make_user("marketing")


@pytest.mark.rule("PL-22")
def test_list_shows_ones_own_jobs_only(client_as, owner, make_job):
    mine = make_job("mine", user=owner)
    make_job("another's", user=None)

    page = client_as(owner).get("/jobs/")

    assert list(page.context["jobs"]) == [mine]


@pytest.mark.rule("PL-22")
def test_owner_cancels_a_waiting_job(client_as, owner, make_job):
    row = make_job(user=owner)

    answer = client_as(owner).post(f"/jobs/{row.public_id}/cancel/")

    row.refresh_from_db()
    assert (answer.status_code, row.state) == (200, "cancelled")


@pytest.mark.rule("PL-10")
def test_nobody_else_sees_or_cancels_a_job(client, client_as, owner, make_job):
    row = make_job(user=owner)
    another = client_as("admin")

    assert client.post(f"/jobs/{row.public_id}/cancel/").status_code == 302  # to sign in
    assert another.post(f"/jobs/{row.public_id}/cancel/").status_code == 404
    for page in ("", "progress/", "file/"):
        assert another.get(f"/jobs/{row.public_id}/{page}").status_code == 404
    assert client_as(owner).get(f"/jobs/{row.public_id}/cancel/").status_code == 405
    row.refresh_from_db()
    assert (row.state, row.cancel_requested) == ("queued", False)


@pytest.mark.rule("PL-53")
def test_file_is_served_as_a_download(client_as, owner, make_job, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = make_job(user=owner)
    client, address = client_as(owner), f"/jobs/{row.public_id}/file/"

    without = client.get(address)
    jobs.JobRun(Job.objects.get(pk=row.pk)).attach_file("客户.html", b"<script>")
    answer = client.get(address)

    assert without.status_code == 404
    assert b"".join(answer.streaming_content) == b"<script>"
    assert answer["Content-Disposition"].startswith("attachment;")
