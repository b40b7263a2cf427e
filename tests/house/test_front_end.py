"""The front end holds together: icons that pages use are in the sprite, scripts and styles that pages name exist."""

import re
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
STATIC = BASE / "static"
SOURCES = [*BASE.glob("templates/**/*.html"), *BASE.glob("c*/**/*.py"), *BASE.glob("[lfr]*/**/*.py")]
NAMED_BY = re.compile(
    r"""\{% icon ["']([a-z0-9-]+)["']"""
    r"""|nav\.(?:Entry|Action)\("\w+", _\("[^"]+"\), "([a-z0-9-]+)\""""
    r"""|icon=["']([a-z0-9-]+)["']"""
)


def listed() -> list[str]:
    return (STATIC / "icons.txt").read_text(encoding="utf-8").split()


def test_icons_of_pages_are_in_the_sprite():
    used = {
        next(filter(None, names))
        for path in SOURCES
        if "node_modules" not in path.parts
        for names in NAMED_BY.findall(path.read_text(encoding="utf-8"))
    }

    assert len(used) > 40
    assert sorted(used - set(listed())) == []


def test_icons_stand_in_order_and_once():
    assert listed() == sorted(set(listed()))


def test_files_that_pages_name_exist():
    named = {
        name
        for path in BASE.glob("templates/**/*.html")
        for name in re.findall(r"""\{% static ["']((?:css|js|img)/[^"']+)["']""", path.read_text(encoding="utf-8"))
    }

    assert len(named) > 20
    assert sorted(name for name in named if not (STATIC / name).exists()) == []
