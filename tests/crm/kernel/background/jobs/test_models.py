"""A job is called in the language of whoever reads its title, not of whoever asked for it."""

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel.background import jobs
from crm.kernel.background.jobs import registry
from crm.kernel.background.jobs.models import Job, job_titles

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PL-30")]


@pytest.fixture
def sheep(monkeypatch):
    monkeypatch.setitem(registry.job_handlers, "sheep", lambda run: {})
    monkeypatch.setitem(job_titles, "sheep", lambda asked: f"{_('Import')} {asked['file']}")


def test_title_is_written_in_the_readers_language(sheep):
    with translation.override("zh-hans"):
        job = jobs.start_job("sheep", user=None, file="orders.csv")

    with translation.override("en"):
        assert str(Job.objects.get(pk=job.pk)) == "Import orders.csv"
    with translation.override("zh-hans"):
        assert str(job) == "导入 orders.csv"


def test_job_of_an_earlier_version_keeps_the_title_that_it_had(sheep):
    assert str(Job(kind="sheep", title="Count the sheep", params={})) == "Count the sheep"
    assert str(Job(kind="unknown", title="Shear them")) == "Shear them"
