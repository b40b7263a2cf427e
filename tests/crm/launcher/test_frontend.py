"""Served files of the front end: without pointers to maps, with the icons that are named."""

import json
from pathlib import Path

import pytest

from crm.launcher import frontend, terminal

pytestmark = pytest.mark.rule("PL-1")


@pytest.mark.parametrize(
    ("code", "left"),
    [
        (b"a()\n//# sourceMappingURL=a.js.map", b"a()"),
        (b"a{}\n/*# sourceMappingURL=a.css.map */\n", b"a{}\n"),
        (b"a()//# sourceMappingURL=a.js.map\nb()", b"a()\nb()"),
        (b"// a comment of its own\na()", b"// a comment of its own\na()"),
    ],
)
def test_pointer_to_a_map_is_taken_out(code, left):
    assert frontend.strip_source_map(code) == left


def test_sprite_draws_each_named_icon(tmp_path, monkeypatch):
    monkeypatch.setattr(frontend, "NODE_MODULES", tmp_path)
    icons = tmp_path / "bootstrap-icons/icons"
    icons.mkdir(parents=True)
    (icons / "gear.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" class="bi">\n  <path d="M1 1"/>\n</svg>\n')

    drawn = frontend.build_icon_sprite(["gear"])

    assert '<symbol id="gear" viewBox="0 0 16 16"><path d="M1 1"/></symbol>' in drawn
    assert drawn.count("<svg") == 1


def test_unknown_icon_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(frontend, "NODE_MODULES", tmp_path)

    with pytest.raises(terminal.CommandRefusal):
        frontend.build_icon_sprite(["no-such-icon"])
    assert "no-such-icon" in capsys.readouterr().err


def test_lock_names_no_address():
    lock = json.loads((frontend.PROJECT_ROOT / "package-lock.json").read_text())

    assert lock["packages"]
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


def test_every_served_file_was_installed_without_a_map():
    frontend.ensure_frontend()

    for name in frontend.SERVED_FILES.values():
        assert b"sourceMappingURL" not in (frontend.VENDOR_FOLDER / name).read_bytes()
    assert {path.name for path in Path(frontend.VENDOR_FOLDER / "licences").iterdir()} >= set(
        frontend.LICENSE_FILES.values()
    )
