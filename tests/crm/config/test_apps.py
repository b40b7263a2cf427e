"""What registers itself is found by its name, area by area."""

import sys

import pytest

from crm.config.apps import SHOP_APPS, import_registering


@pytest.fixture
def planted_app(tmp_path, monkeypatch):
    """An app with an area that registers extensions, and modules that register nothing."""
    for name in ("planted/__init__.py", "planted/shelves/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in ("listeners", "views", "shelves/extensions", "shelves/selectors"):
        (tmp_path / f"planted/{name}.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield "planted"
    for name in [name for name in sys.modules if name.split(".")[0] == "planted"]:
        del sys.modules[name]


def test_registering_modules_of_areas_and_app_are_imported_and_no_others(planted_app):
    import_registering(planted_app)

    imported = {name for name in sys.modules if name.startswith("planted.")}
    assert imported == {"planted.shelves", "planted.shelves.extensions", "planted.listeners"}


def test_every_app_is_loaded_after_those_below_it():
    assert SHOP_APPS.index("customers") < SHOP_APPS.index("loyalty") < SHOP_APPS.index("retention")
