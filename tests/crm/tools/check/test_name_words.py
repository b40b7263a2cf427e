"""Words that the glossary keeps out of names are found in modules, classes, functions and parameters."""

from pathlib import Path

import pytest

from crm.tools.check import name_words

GLOSSARY = """# Glossary

| word | meaning |
|---|---|
| ticket | a matter |

## Words that no name uses
| word | it meant | say |
|---|---|---|
| desk, door | many things | `workspace` |
| asked | by itself: anything | the thing |

*Rules* are rules.

## More
| word | meaning | say |
|---|---|---|
| points | fine | fine |
"""


@pytest.fixture
def house(tmp_path: Path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/glossary.md").write_text(GLOSSARY)

    def build(code: str, name: str = "loyalty/points/services.py") -> Path:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code)
        return tmp_path

    return build


def found(base: Path) -> list[str]:
    return [str(finding).partition(" is no")[0] for finding in name_words.misnamed(base)]


def test_words_are_read_from_their_own_table_only(house):
    assert name_words.banned_words(house("")) == ({"desk", "door"}, {"asked"})


@pytest.mark.parametrize("code", ["def open_desk(): ...\n", "class DeskPage: ...\n", "def open_page(desk): ...\n"])
def test_a_banned_word_is_found_in_every_kind_of_name(house, code):
    assert len(found(house(code))) == 1


def test_a_banned_module_is_found(house):
    assert found(house("", "loyalty/points/door.py")) == ["loyalty/points/door.py:1: door: door"]


def test_a_participle_is_refused_alone_and_left_as_a_part(house):
    base = house("def count(asked, last_asked_at): ...\n")

    assert found(base) == ["loyalty/points/services.py:1: asked: asked"]


def test_words_that_only_contain_one_are_left_alone(house):
    assert found(house("def open_desktop(outdoor): ...\n")) == []
