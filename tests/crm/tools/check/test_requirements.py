"""Libraries that nothing uses, and those that are used although nobody asked for them."""

from pathlib import Path

import pytest

from crm.tools.check import requirements


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A repository that asks for Django, gunicorn and redis, and uses what is written into its two modules."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/runtime.in").write_text("# a comment\ndjango~=5.2.19\nredis[hiredis]\n\ngunicorn\n")
    (tmp_path / "crm/config").mkdir(parents=True)
    (tmp_path / "crm/config/settings.py").write_text("import os\nINSTALLED_APPS = ['django.contrib.auth']\n")
    (tmp_path / "crm/cache.py").write_text("from redis.retry import Retry\nfrom crm.config import settings\n")
    return tmp_path


def found(findings):
    return [str(finding) for finding in findings]


def test_imported_named_and_run_libraries_are_used(house):
    assert requirements.unused_requirements(house) == []
    assert requirements.undeclared_imports(house) == []


def test_library_that_nothing_imports_is_found_with_its_line(house):
    (house / "requirements/runtime.in").write_text("django\nPyJWT\nredis\npolib~=1.2\n")

    assert found(requirements.unused_requirements(house)) == [
        "requirements/runtime.in:2: pyjwt: nothing imports it or runs it",
        "requirements/runtime.in:4: polib: nothing imports it or runs it",
    ]


def test_library_whose_name_only_stands_in_a_text_is_unused(house):
    (house / "crm/cache.py").write_text("BROKER = 'redis'\n")

    assert found(requirements.unused_requirements(house)) == [
        "requirements/runtime.in:3: redis: nothing imports it or runs it"
    ]


def test_import_of_what_only_another_library_asked_for_is_found(house):
    (house / "crm/jobs.py").write_text("def work():\n    import billiard.exceptions\n")

    assert found(requirements.undeclared_imports(house)) == [
        "crm/jobs.py:2: billiard: billiard is not in requirements/runtime.in"
    ]


def test_tools_may_import_what_development_asks_for(house):
    (house / "crm/tools/bench").mkdir(parents=True)
    (house / "crm/tools/bench/runner.py").write_text("import pytest\n")

    assert requirements.undeclared_imports(house) == []


def test_everything_that_the_product_asks_for_is_used():
    assert found(requirements.unused_requirements()) == []
    assert found(requirements.undeclared_imports()) == []
